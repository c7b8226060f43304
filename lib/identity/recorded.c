/* recorded.c: the provider of the method recorded: the phone's recording becomes a
 * clip and key frames, which a clerk looks at. */
#include "identity/provider.h"

#include "base/log.h"
#include "db/row.h"
#include "video/video.h"

/* When our sandbox fails, the recording waits so long for us to mend it. */
#define FAULT_S (24 * 3600)
/* Where in a recording of unknown beginning frames are taken: so many evenly. */
#define BLIND_MARKS IDENTITY_STEPS

struct marks {
	char action[IDENTITY_STEPS][17];
	int at_ms[IDENTITY_STEPS];
	int count; /* 0: the beginning of the recording is not known */
};

static void load_marks(const struct identity_work *work, struct marks *marks)
{
	struct db_result *r = db_select(work->db,
					"SELECT action, at_ms FROM identity_step"
					" WHERE attempt = ? AND at_ms IS NOT NULL ORDER BY ord",
					DB_ARGS(db_int(work->attempt.id)));
	int n = 0;

	while (n < IDENTITY_STEPS && db_next_row(r, DB_OUT(DB_TEXT("action", marks->action[n]),
							   DB_INT("at_ms", &marks->at_ms[n]))))
		n++;
	marks->count = n;
	db_result_free(r);
}

/* Without the marks: the first pass tells how long the recording is, the second
 * takes pictures all along it. */
static enum video_verdict normalise_blind(const struct identity_work *work,
					  const struct buffer *raw, struct video_result *recording)
{
	int at_ms[BLIND_MARKS];
	enum video_verdict verdict = video_normalise(work->config, raw->data, raw->len, NULL, 0,
						     recording);

	if (verdict != VIDEO_OK)
		return verdict;
	for (int i = 0; i < BLIND_MARKS; i++)
		at_ms[i] = recording->duration_ms * i / (BLIND_MARKS + 1);
	video_result_release(recording);
	return video_normalise(work->config, raw->data, raw->len, at_ms, BLIND_MARKS, recording);
}

static void keep(const struct identity_work *work, const struct marks *marks,
		 struct video_result *recording, struct identity_finding *f)
{
	buffer_printf(&f->codes, "{\"duration_ms\":%d,\"sound\":%s,\"frames\":%d,\"marks\":%d}",
		      recording->duration_ms, recording->sound ? "true" : "false",
		      recording->frame_count, marks->count);
	identity_finding_add(f, work, IDENTITY_CLIP, 0, NULL, -1, "video/mp4", &recording->clip);
	for (int i = 0; i < recording->frame_count; i++) {
		struct video_frame *frame = &recording->frame[i];
		bool named = marks->count && frame->action != VIDEO_ACTION_NONE;

		identity_finding_add(f, work, IDENTITY_FRAME, i,
				     named ? marks->action[frame->action] : NULL, frame->at_ms,
				     "image/jpeg", &frame->jpeg);
	}
}

static void say(const struct identity_work *work, enum video_verdict verdict,
		const struct video_result *recording, struct identity_finding *f)
{
	if (verdict == VIDEO_OK)
		identity_finding_say(f, IDENTITY_FOUND_REVIEW, recording->sound ? "" : "no_sound");
	else if (verdict == VIDEO_FAULT && work->age_s < FAULT_S)
		identity_finding_say(f, IDENTITY_FOUND_PENDING, "");
	else
		identity_finding_say(f, IDENTITY_FOUND_REPEAT, video_verdict_names[verdict]);
	log_line(verdict == VIDEO_FAULT ? LOG_FAULT : LOG_INFO, "identity.recording",
		 "attempt=%lld verdict=%s", (long long)work->attempt.id,
		 video_verdict_names[verdict]);
}

void identity_recorded_fetch(const struct identity_work *work, struct identity_finding *f)
{
	struct buffer raw = BUFFER_INIT;
	struct video_result recording = { .frame_count = 0 };
	enum video_verdict verdict;
	struct marks marks = { .count = 0 };

	if (!identity_material(work->db, work->vault, work->attempt.id, IDENTITY_RAW, 0, &raw)) {
		log_line(LOG_FAULT, "identity.no_recording", "attempt=%lld",
			 (long long)work->attempt.id);
		identity_finding_say(f, IDENTITY_FOUND_REPEAT, video_verdict_names[VIDEO_BROKEN]);
		return;
	}
	load_marks(work, &marks);
	verdict = marks.count ? video_normalise(work->config, raw.data, raw.len, marks.at_ms,
						marks.count, &recording) :
				normalise_blind(work, &raw, &recording);
	if (verdict == VIDEO_OK)
		keep(work, &marks, &recording, f);
	say(work, verdict, &recording, f);
	video_result_release(&recording);
	buffer_wipe(&raw);
}

/* apply/record-upload: takes the recording of a recording: once, in time, from the
 * session that was shown its steps. Looking at it is cron/identity's work. */
#include "base/die.h"
#include "base/log.h"
#include "identity/identity.h"
#include "page/layout.h"
#include "page/page.h"
#include "video/video.h"

#include <errno.h>
#include <sys/mman.h>

#define OFFSET_MAX_MS 60000
/* What a container is known by stands in its first bytes. */
#define SNIFF_SIZE 4096

enum refusal {
	NOT_REFUSED,
	UNKNOWN,
	OTHER_SESSION,
	USED,
	TOO_LATE,
	NOT_SHOWN,
	REFUSAL_COUNT,
};

static const struct {
	const char *word, *heading, *what_to_do;
} refusals[REFUSAL_COUNT] = {
	[UNKNOWN] = { "unknown", "没有找到这次录像", "请返回重新选择验证方式，再录一次。" },
	[OTHER_SESSION] = { "other_session", "登录已经换过，这次录像作废",
			    "请返回重新选择验证方式，再录一次。" },
	[USED] = { "used", "这次录像已经交过了", "每次录像只能交一次，请返回查看结果。" },
	[TOO_LATE] = { "too_late", "超过了时间，这次录像作废",
		       "请返回重新选择验证方式，再录一次。网络不好的请先换到有信号的地方。" },
	[NOT_SHOWN] = { "not_shown", "还没有看完全部步骤", "请返回看完 4 步以后再录像上传。" },
};

struct handing {
	struct page *page;
	struct identity_attempt attempt;
	struct buffer detail;
	const void *recording;
	size_t size;
	const char *media_type;
	int offset_ms;
	bool taken;
};

/* Whether this recording may be taken, as the challenge stands. */
static enum refusal judge(struct page *p, struct identity_attempt *a)
{
	const char *hex = request_field(p->request, "nonce");
	uint8_t nonce[IDENTITY_NONCE_SIZE], session[SHA256_SIZE];
	struct identity_challenge c;
	int64_t id = 0;

	if (hex && hex_decode(hex, nonce, sizeof(nonce)))
		id = identity_challenge_find(p->db, p->application.id, nonce);
	if (!id || !identity_find(p->db, id, a))
		return UNKNOWN;
	if (!session_hash(p->session.token, session) ||
	    !identity_challenge_load(p->db, id, session, &c))
		return OTHER_SESSION;
	if (c.used)
		return USED;
	if (c.past_grace || a->state != IDENTITY_BEGUN)
		return TOO_LATE;
	return c.revealed == IDENTITY_STEPS ? NOT_REFUSED : NOT_SHOWN;
}

static void go_back(struct page *p, int status, const char *heading, const char *what_to_do,
		    const char *name)
{
	struct buffer link = BUFFER_INIT;

	layout_path(p, name, &link);
	page_say(p, status, heading, what_to_do, buffer_text(&link), "返回");
	buffer_release(&link);
}

/* An event, and nothing else. */
static void refuse(struct page *p, const struct identity_attempt *a, enum refusal why)
{
	struct buffer detail = BUFFER_INIT;

	log_line(LOG_REFUSED, "identity.upload", "application=%lld why=%s",
		 (long long)p->application.id, refusals[why].word);
	/* Not under the key of the page: a refused upload is not done and may be repeated. */
	random_public_id(p->key);
	if (a->id)
		identity_detail(&detail, a, "refused", refusals[why].word, NULL, NULL);
	page_advance(p, "hand_in_identity",
		     a->id ? buffer_text(&detail) :
			     "{\"method\":\"recorded\",\"outcome\":\"refused\","
			     "\"verdict\":\"unknown\"}",
		     NULL, NULL);
	go_back(p, 409, refusals[why].heading, refusals[why].what_to_do,
		why == NOT_SHOWN ? "apply/record" :
		why == USED      ? "apply/identity-return" :
				   "apply/identity");
	buffer_release(&detail);
}

static bool take(struct db *db, void *context)
{
	struct handing *h = context;

	h->taken = identity_hand_in(db, page_vault(h->page), &h->attempt, h->media_type,
				    h->offset_ms, h->recording, h->size);
	buffer_reset(&h->detail);
	identity_detail(&h->detail, &h->attempt, "handed_in", NULL, NULL, NULL);
	return h->taken;
}

/* Our script wants to know where to go, a browser goes there. */
static void go_on(struct page *p)
{
	struct buffer path = BUFFER_INIT;
	struct markup *m;
	const char *bytes;
	size_t len;

	if (!p->request->fragment) {
		page_go(p, "apply/identity-return", NULL);
		return;
	}
	layout_path(p, "apply/identity-return", &path);
	m = markup_new(false);
	markup_element(m, "a", "视频已收到", "href", buffer_text(&path), "data-yj-next", "", NULL);
	bytes = markup_finish(m, &len);
	buffer_add(&p->reply.body, bytes, len);
	markup_free(m);
	buffer_release(&path);
}

static void hand_in(struct handing *h)
{
	struct page *p = h->page;
	enum flow_result result = page_advance_told(p, "hand_in_identity", take, h, &h->detail);

	if (result == FLOW_MOVED || result == FLOW_REPEATED)
		go_on(p);
	else if (result == FLOW_GUARD_REFUSED && !h->taken)
		refuse(p, &h->attempt, judge(p, &h->attempt));
	else
		page_say_refused(p, result);
	buffer_release(&h->detail);
}

static const struct request_file *find_recording(const struct request *r)
{
	for (size_t i = 0; i < r->file_count; i++)
		if (!strcmp(r->file[i].name, "recording"))
			return &r->file[i];
	return NULL;
}

/* Errors that the first bytes show are reported at once, at no cost. */
static enum video_verdict look(const struct request_file *file, struct handing *h)
{
	if (!file)
		return VIDEO_EMPTY;
	if (file->too_large)
		return VIDEO_TOO_LARGE;
	if (!file->size)
		return VIDEO_EMPTY;
	h->size = file->size;
	h->recording = mmap(NULL, file->size, PROT_READ, MAP_PRIVATE, file->fd, 0);
	if (h->recording == MAP_FAILED)
		die("recording: %s", strerror(errno));
	h->media_type = video_media_type(
		video_sniff(h->recording, h->size < SNIFF_SIZE ? h->size : SNIFF_SIZE));
	return h->media_type ? VIDEO_OK : VIDEO_NOT_A_VIDEO;
}

static int offset(const struct page *p)
{
	const char *text = request_field(p->request, "offset_ms");
	char none[] = "", *end = none;
	long ms = text && *text ? strtol(text, &end, 10) : -1;

	return ms >= 0 && !*end && ms <= OFFSET_MAX_MS ? (int)ms : -1;
}

static void submit(struct page *p)
{
	struct handing h = { .page = p, .offset_ms = offset(p) };
	enum video_verdict verdict;
	enum refusal why;

	/* A repeated upload: the answer to the first one was lost. */
	if (page_is_done(p, "hand_in_identity")) {
		go_on(p);
		return;
	}
	why = judge(p, &h.attempt);
	if (why) {
		refuse(p, &h.attempt, why);
		return;
	}
	if (!page_count_try(p, PAGE_TRY_RECORDING)) {
		go_back(p, 429, "今天交的录像太多，这一次没有收下",
			"请明天再录，或返回改选其他验证方式。", "apply/identity");
		return;
	}
	verdict = look(find_recording(p->request), &h);
	if (verdict == VIDEO_OK)
		hand_in(&h);
	else
		go_back(p, 422, "视频没有收下", video_verdict_words[verdict], "apply/record");
}

static const struct page_spec spec = {
	.name = "apply/record-upload",
	.roles = PAGE_ROLE(FLOW_APPLICANT),
	.event = "hand_in_identity",
	.next = "apply/identity-return",
	.body_max = VIDEO_BODY_MAX,
	.file_max = VIDEO_FILE_MAX,
	.submit = submit,
};

int main(void)
{
	return page_run(&spec);
}

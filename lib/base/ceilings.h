/* ceilings.h: every limit on what comes from outside, in one place.
 *
 * Each is tested at the limit, one below and one above. Bytes unless the name
 * says otherwise. */
#ifndef BASE_CEILINGS_H
#define BASE_CEILINGS_H

/* the request */
#define QUERY_MAX 2048 /* query string */
#define COOKIE_MAX 4096 /* Cookie header */
#define FORM_BODY_MAX (64 * 1024) /* a form without files */
#define LOGIN_BODY_MAX (4 * 1024) /* staff log in and out */
#define UPLOAD_BODY_MAX (SCAN_FILE_MAX + 64 * 1024) /* one file and its form */
#define PUSH_BODY_MAX (48 * 1024) /* what an outside service sends */
#define PAY_PUSH_BODY_MAX 20000 /* a notification of WeChat Pay; as wide as its column */
#define SCANS_BODY_MAX \
	(8 * SCAN_FILE_MAX + 64 * 1024) /* a whole form with files, sent without script */
#define FIELD_COUNT_MAX 200 /* name-value pairs */
#define FIELD_NAME_MAX 64
#define FIELD_VALUE_MAX 8192
#define FILE_COUNT_MAX 60 /* files in one body */
#define PART_HEADER_MAX 1024 /* headers of one multipart part */
#define BOUNDARY_MAX 70 /* RFC 2046 5.1.1 */

/* the applicant */
#define DRAFTS_MAX 20 /* unfinished applications of one applicant in a project */
#define FORMS_PER_ADDRESS_HOUR_MAX 3 /* mails with blank forms to one address */
#define FORMS_PER_APPLICANT_DAY_MAX 5 /* … asked for by one applicant */

/* scans */
#define SCAN_FILE_MAX (15 * 1024 * 1024) /* one uploaded picture */
#define SCAN_SIDE_MIN_PX 300 /* short side of the smallest readable picture */
#define SCAN_SIDE_MAX_PX 12000
#define SCAN_AREA_MAX_PX (64 * 1000 * 1000)
#define SCAN_PNG_AREA_MAX_PX (24 * 1000 * 1000) /* no decoding at a smaller scale */
#define SCAN_PNG_METADATA_MAX (1024 * 1024) /* one chunk that is not picture */
#define SCAN_JPEG_SCANS_MAX 64 /* passes of one progressive JPEG */
#define SCAN_OUT_PX 2048 /* long side of the normalised scan */
#define SCAN_THUMB_PX 320
#define SCAN_PAGES_MAX 20 /* pages of one field */
#define SCAN_CODE_MAX 128 /* text of a QR code */
#define SCAN_NORMALISE_S 10 /* wall time of the sandboxed child */
#define SCAN_NORMALISE_CPU_S 2 /* its processor time */
#define SCAN_NORMALISE_MEMORY (512 * 1024 * 1024)
#define SCAN_SLOTS_MAX 8 /* pictures decoded at a time on one machine, see scan/slot.h */
#define SCAN_SLOT_WAIT_MS 10000 /* how long a picture waits for its turn */
#define SCANS_PER_DAY_MAX 300 /* uploads of one applicant, refused ones included */
#define SCANS_REFUSED_MAX 3 /* of one body, before the rest of it is left alone */
#define SCANS_DECODE_MS 10000 /* for one body, before the rest of it is left alone */

/* the recording of an identity check */
#define RECORDINGS_PER_DAY_MAX 12 /* uploads of one applicant, refused ones included */
#define VIDEO_FILE_MAX (50 * 1024 * 1024) /* one uploaded recording */
#define VIDEO_BODY_MAX (VIDEO_FILE_MAX + 64 * 1024) /* it and its form */
#define VIDEO_ACTIONS_MAX 8 /* prompted in one recording */
#define VIDEO_SHORTEST_MS 2000
#define VIDEO_LONGEST_MS 60000
#define VIDEO_SIDE_MIN_PX 240 /* short side below which no face is known */
#define VIDEO_SIDE_MAX_PX 4096
#define VIDEO_AREA_MAX_PX (4096 * 2304)
#define VIDEO_WORK_MAX_PX INT64_C(4000000000) /* pixels of all pictures: 1080p, 30 a second, 60 s */
#define VIDEO_CLIP_PX 480 /* short side of the clerk's clip */
#define VIDEO_CLIP_MAX (16 * 1024 * 1024)
#define VIDEO_FRAME_PX 640 /* long side of a key frame */
#define VIDEO_FRAME_MAX (512 * 1024)
#define VIDEO_NORMALISE_S 120 /* wall time of both children together, on a busy machine */
#define VIDEO_NORMALISE_CPU_S 30 /* processor time of each */
#define VIDEO_NORMALISE_MEMORY (320 * 1024 * 1024)

#endif

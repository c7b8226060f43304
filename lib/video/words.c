/* words.c: what became of a recording, for tables and logs and for the applicant. */
#include "video/video.h"

const char *const video_verdict_names[VIDEO_VERDICT_COUNT] = {
	[VIDEO_OK] = "ok",
	[VIDEO_EMPTY] = "empty",
	[VIDEO_TOO_LARGE] = "too-large",
	[VIDEO_NOT_A_VIDEO] = "not-a-video",
	[VIDEO_TOO_LONG] = "too-long",
	[VIDEO_TOO_SHORT] = "too-short",
	[VIDEO_NO_FRAMES] = "no-frames",
	[VIDEO_TOO_SMALL] = "too-small",
	[VIDEO_BROKEN] = "broken",
	[VIDEO_TOO_COSTLY] = "too-costly",
	[VIDEO_FAULT] = "fault",
};

const char *const video_verdict_words[VIDEO_VERDICT_COUNT] = {
	[VIDEO_OK] = "录像已上传",
	[VIDEO_EMPTY] = "录像文件是空的，请重新录制",
	[VIDEO_TOO_LARGE] = "录像超过 50 MB，请把手机相机的分辨率调到 720P 后重新录制",
	[VIDEO_NOT_A_VIDEO] = "这不是录像，请用手机前置摄像头录一段视频再上传",
	[VIDEO_TOO_LONG] = "录像超过 60 秒，请重新录制，做完提示的动作就停止",
	[VIDEO_TOO_SHORT] = "录像太短，动作没有录全，请重新录制，做完全部动作再停止",
	[VIDEO_NO_FRAMES] = "录像里没有画面，请允许使用摄像头后重新录制",
	[VIDEO_TOO_SMALL] = "录像画面太小，看不清人脸，请把手机相机的分辨率调到 720P 后重新录制",
	[VIDEO_BROKEN] = "录像不完整或无法播放，请重新录制并等上传完成再离开",
	[VIDEO_TOO_COSTLY] = "录像清晰度过高，无法处理，请把手机相机的分辨率调到 720P 后重新录制",
	[VIDEO_FAULT] = "系统暂时无法处理录像，请稍后再试；多次不行请联系客服",
};

/* text.c: what the applicant is told about an upload: what happened and what
 * to do next. */
#include "scan/scan.h"

static const char *const results[SCAN_RESULT_COUNT] = {
	[SCAN_TAKEN] = "已上传",
	[SCAN_REPEATED] = "已上传",
	[SCAN_EMPTY] = "文件是空的，请重新拍照或选择照片",
	[SCAN_TOO_LARGE] = "照片超过 15 MB，请用手机相机普通模式重新拍摄，或缩小后再上传",
	[SCAN_NOT_A_PICTURE] = "这不是照片，请上传 JPG 或 PNG 格式的照片",
	[SCAN_HEIC] = ("暂不支持 HEIC 照片。请在手机“设置 → 相机 → 格式”里选“兼容性最佳”后重拍，"
		       "或截图后上传截图"),
	[SCAN_WEBP] = "暂不支持 WebP 图片，请上传 JPG 或 PNG 格式的照片",
	[SCAN_PDF] = "暂不支持 PDF 文件，请拍照上传，每页一张",
	[SCAN_BROKEN] = "照片不完整或已损坏，请重新拍照上传",
	[SCAN_TOO_MANY_PIXELS] = "照片尺寸过大，请关闭相机的高像素模式后重新拍摄",
	[SCAN_TOO_FEW_PIXELS] = "照片太小，看不清文字，请靠近重新拍摄",
	[SCAN_REFUSED] = "这张照片无法打开，请重新拍照上传",
	[SCAN_TOO_MANY_PAGES] = "页数已满，请先删除不需要的页再上传",
	[SCAN_TOO_MANY_TODAY] = "今天上传的照片太多，请明天再试，或联系客服",
	[SCAN_BUSY] = "现在上传照片的人很多，请稍后再传",
	[SCAN_LEFT_ALONE] =
		"前面的照片用了太多时间或不能用，这一张还没有处理，请再选一次，分几次上传",
};

const char *scan_result_text(enum scan_result result)
{
	return results[result];
}

const char *scan_mark_text(unsigned marks)
{
	static const struct {
		unsigned mark;
		const char *text;
	} words[] = {
		{ SCAN_BLURRED, "再拍一张：照片模糊。请拿稳手机，对焦后再拍" },
		{ SCAN_DARK, "再拍一张：光线太暗。请到明亮处或打开灯再拍" },
		{ SCAN_GLARE, "再拍一张：有反光。请换个角度，避开灯光再拍" },
		{ SCAN_CUT_OFF, "再拍一张：边角没拍全。请把四个角都拍进来" },
		{ SCAN_SMALL, "再拍一张：照片太小，文字可能看不清。请靠近再拍" },
		{ SCAN_NO_CODE,
		  "未识别到二维码，请确认传的是这一项的表格，二维码拍清楚、没有盖住" },
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(words); i++)
		if (marks & words[i].mark)
			return words[i].text;
	return NULL;
}

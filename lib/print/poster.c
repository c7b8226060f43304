/* poster.c: one sheet for the wall: what it is, how it goes, where to scan. */
#include "print/print.h"
#include "print/sheet.h"

static const char *const steps[][2] = {
	{ "扫一扫", "用微信扫描二维码，进入业务" },
	{ "填资料", "填写单位信息，拍照上传材料" },
	{ "选套餐", "选择套餐和收货地址，确认订单" },
	{ "等收货", "审核通过后制证，快递送到您手里" },
};

static const char *const materials[] = {
	"营业执照原件",
	"数字证书业务申请表（签名、加盖公章）",
	"数字证书用户协议书（签名、加盖公章）",
	"法定代表人身份证",
	"经办人身份证正反面复印件（加盖公章）",
};

static void draw_step(struct sheet *s, double x, double y, double width, size_t i)
{
	const struct sheet_style number = {
		.size = 30, .bold = true, .tint = TINT_PALE, .centred = true
	};
	const struct sheet_style name = { .size = 16, .bold = true, .centred = true };
	const struct sheet_style text = { .size = 10.5, .centred = true, .tint = TINT_GREY };
	char digit[] = { (char)('1' + i), '\0' };

	sheet_fill(s, x, y, width, 43 * MM, TINT_LIGHT);
	sheet_text(s, x, y + 2 * MM, width, number, digit);
	sheet_text(s, x, y + 17 * MM, width, name, steps[i][0]);
	sheet_text(s, x + 3 * MM, y + 27 * MM, width - 6 * MM, text, steps[i][1]);
}

static void draw_materials(struct sheet *s, double y)
{
	const struct sheet_style head = { .size = 15, .bold = true };
	const struct sheet_style line = { .size = 12.5 };

	sheet_text(s, SHEET_LEFT, y, SHEET_INNER, head, "请先准备好");
	y += 11 * MM;
	for (size_t i = 0; i < ARRAY_SIZE(materials); i++, y += 7.5 * MM) {
		sheet_box(s, SHEET_LEFT, y + 1.1 * MM, 3.6 * MM, 3.6 * MM, TINT_INK);
		sheet_text(s, SHEET_LEFT + 7 * MM, y, SHEET_INNER - 7 * MM, line, materials[i]);
	}
}

static void draw(struct sheet *s, const void *context)
{
	const struct print_poster *p = context;
	const struct sheet_style project = { .size = 17, .centred = true, .tint = TINT_GREY };
	const struct sheet_style title = { .size = 38, .bold = true, .centred = true };
	const struct sheet_style invite = { .size = 18, .bold = true, .centred = true };
	const struct sheet_style phone = { .size = 15, .bold = true, .centred = true };
	const double side = 74 * MM, gap = 4 * MM, width = (SHEET_INNER - 3 * gap) / 4;
	double y = 17 * MM;
	struct buffer text = BUFFER_INIT;

	y += sheet_text(s, SHEET_LEFT, y, SHEET_INNER, project, p->project_name) + 2 * MM;
	y += sheet_text(s, SHEET_LEFT, y, SHEET_INNER, title, "数字证书 手机办理") + 10 * MM;
	sheet_qr(s, (SHEET_WIDTH - side) / 2, y, side, p->address);
	y += side + 7 * MM;
	y += sheet_text(s, SHEET_LEFT, y, SHEET_INNER, invite, "请用微信扫一扫") + 8 * MM;
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		draw_step(s, SHEET_LEFT + i * (width + gap), y, width, i);
	y += 43 * MM + 8 * MM;
	draw_materials(s, y);
	if (*p->help_phone) {
		buffer_printf(&text, "咨询电话：%s", p->help_phone);
		sheet_text(s, SHEET_LEFT, SHEET_HEIGHT - 21 * MM, SHEET_INNER, phone, text.data);
	}
	buffer_release(&text);
}

void print_poster(const struct print_poster *poster, struct buffer *pdf)
{
	struct sheet s = { .title = NULL };

	sheet_print(&s, poster->project_name, draw, poster, pdf);
}

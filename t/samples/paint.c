/* paint.c: draws licence, ID card, application form and agreement. */
#include "paint.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SANS "Noto Sans CJK SC"
#define SERIF "Noto Serif CJK SC"
#define RED 0.80, 0.10, 0.10
#define INK 0.12, 0.12, 0.13
#define PALE 0.45, 0.50, 0.60

struct style {
	const char *font;
	double size;
	double width; /* 0: one line */
	bool bold, centred;
};

static struct style plain(const char *font, double size)
{
	return (struct style){ .font = font, .size = size };
}

static void text(cairo_t *c, double x, double y, struct style s, const char *words)
{
	PangoLayout *layout = pango_cairo_create_layout(c);
	PangoFontDescription *font = pango_font_description_from_string(s.font);

	pango_font_description_set_absolute_size(font, s.size * PANGO_SCALE);
	if (s.bold)
		pango_font_description_set_weight(font, PANGO_WEIGHT_BOLD);
	pango_layout_set_font_description(layout, font);
	if (s.width > 0) {
		pango_layout_set_width(layout, (int)(s.width * PANGO_SCALE));
		pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
		pango_layout_set_spacing(layout, (int)(s.size * 0.45 * PANGO_SCALE));
	}
	if (s.centred)
		pango_layout_set_alignment(layout, PANGO_ALIGN_CENTER);
	pango_layout_set_text(layout, words, -1);
	cairo_move_to(c, x, y);
	pango_cairo_show_layout(c, layout);
	pango_font_description_free(font);
	g_object_unref(layout);
}

static void star(cairo_t *c, double x, double y, double r)
{
	int i;

	for (i = 0; i < 10; i++) {
		double a = -G_PI / 2 + i * G_PI / 5, d = i % 2 ? r * 0.382 : r;

		cairo_line_to(c, x + d * cos(a), y + d * sin(a));
	}
	cairo_close_path(c);
	cairo_fill(c);
}

/* A company's round seal: ring, star, the name along the upper arc. */
static void seal(cairo_t *c, double x, double y, double r, const char *name)
{
	size_t count = g_utf8_strlen(name, -1), i;
	double span = count > 10 ? 4.3 : 3.4;
	const char *at = name;

	cairo_save(c);
	cairo_set_source_rgba(c, 0.86, 0.08, 0.10, 0.78);
	cairo_set_line_width(c, r * 0.055);
	cairo_new_path(c);
	cairo_arc(c, x, y, r, 0, 2 * G_PI);
	cairo_stroke(c);
	star(c, x, y, r * 0.30);
	for (i = 0; i < count; i++) {
		double a = -span / 2 + (count > 1 ? span * i / (count - 1) : span / 2);
		char one[8] = "";

		g_utf8_strncpy(one, at, 1);
		at = g_utf8_offset_to_pointer(at, 1);
		cairo_save(c);
		cairo_translate(c, x, y);
		cairo_rotate(c, a);
		text(c, -r * 0.12, -r * 0.92, (struct style){ SERIF, r * 0.24, .bold = true }, one);
		cairo_restore(c);
	}
	cairo_restore(c);
}

static void box(cairo_t *c, double x, double y, double w, double h)
{
	cairo_rectangle(c, x, y, w, h);
	cairo_stroke(c);
}

/* Something like a QR code, by the text it would hold. */
static void code(cairo_t *c, double x, double y, double side, const char *of)
{
	unsigned state = g_str_hash(of), n = 29, i, j;
	double m = side / n;

	for (i = 0; i < n; i++)
		for (j = 0; j < n; j++) {
			bool corner = (i < 8 && j < 8) || (i < 8 && j > 20) || (i > 20 && j < 8);

			state = state * 1664525u + 1013904223u;
			if (!corner && state >> 31)
				cairo_rectangle(c, x + i * m, y + j * m, m * 1.02, m * 1.02);
		}
	cairo_fill(c);
	for (i = 0; i < 3; i++) {
		double cx = x + (i == 1 ? 22 * m : 0), cy = y + (i == 2 ? 22 * m : 0);

		cairo_set_line_width(c, m);
		box(c, cx + m / 2, cy + m / 2, 6 * m, 6 * m);
		cairo_rectangle(c, cx + 2 * m, cy + 2 * m, 3 * m, 3 * m);
		cairo_fill(c);
	}
}

static void pair(cairo_t *c, double x, double y, double wide, const char *label, const char *value)
{
	cairo_set_source_rgb(c, 0.35, 0.28, 0.16);
	text(c, x, y, plain(SERIF, 26), label);
	cairo_set_source_rgb(c, INK);
	text(c, x + 150, y, (struct style){ SERIF, 26, .width = wide - 150 }, value);
}

static void licence(cairo_t *c, const struct document *d, const struct subject *s)
{
	char number[80], place[300];

	snprintf(number, sizeof(number), "统一社会信用代码  %s", s->uscc);
	snprintf(place, sizeof(place), "%s%s", s->region, s->street);
	cairo_set_source_rgb(c, 0.99, 0.97, 0.91);
	cairo_paint(c);
	cairo_set_source_rgb(c, 0.72, 0.56, 0.22);
	cairo_set_line_width(c, 10);
	box(c, 34, 34, d->width - 68, d->height - 68);
	cairo_set_line_width(c, 3);
	box(c, 52, 52, d->width - 104, d->height - 104);
	cairo_set_source_rgb(c, RED);
	star(c, d->width / 2, 130, 52);
	cairo_set_source_rgb(c, INK);
	text(c, 0, 195, (struct style){ SERIF, 78, d->width, true, true }, "营 业 执 照");
	text(c, 110, 150, (struct style){ SANS, 26, .bold = true }, number);
	code(c, d->width - 290, 110, 170, s->uscc);
	pair(c, 120, 380, 720, "名    称", s->company);
	pair(c, 120, 460, 720, "类    型", "有限责任公司（自然人投资或控股）");
	pair(c, 120, 540, 720, "法定代表人", s->legal_rep);
	pair(c, 120, 620, 720, "经营范围",
	     "信息系统集成服务；软件开发；办公设备销售；技术咨询、技术服务（依法须经批准的项目，"
	     "经相关部门批准后方可开展经营活动）");
	pair(c, 860, 380, 650, "注册资本", "伍佰万元整");
	pair(c, 860, 460, 650, "成立日期", "2016年05月18日");
	pair(c, 860, 540, 650, "营业期限", "2016年05月18日至长期");
	pair(c, 860, 620, 650, "住    所", place);
	cairo_set_source_rgb(c, INK);
	text(c, 1000, 900, plain(SERIF, 28), "登记机关");
	text(c, 1000, 960, plain(SERIF, 26), "2023 年 03 月 02 日");
	seal(c, 1270, 920, 118, "市场监督管理局样章");
}

/* Wavy lines in two tints, as on a real card. */
static void waves(cairo_t *c, const struct document *d)
{
	double y, x;

	cairo_set_line_width(c, 1.2);
	for (y = -40; y < d->height + 40; y += 9) {
		cairo_set_source_rgba(c, 0.55, 0.72, 0.84, 0.35);
		cairo_move_to(c, 0, y);
		for (x = 0; x <= d->width; x += 12)
			cairo_line_to(c, x, y + 14 * sin(x / 70 + y / 55));
		cairo_stroke(c);
	}
}

static void card(cairo_t *c, const struct document *d)
{
	cairo_set_source_rgb(c, 0.94, 0.96, 0.97);
	cairo_paint(c);
	waves(c, d);
}

static void label(cairo_t *c, double x, double y, const char *name, const char *value)
{
	cairo_set_source_rgb(c, 0.16, 0.36, 0.60);
	text(c, x, y, plain(SANS, 30), name);
	cairo_set_source_rgb(c, INK);
	text(c, x + 115, y, (struct style){ SANS, 34, .width = 470 }, value);
}

static void face(cairo_t *c, double x, double y)
{
	cairo_set_source_rgb(c, 0.80, 0.84, 0.88);
	cairo_rectangle(c, x, y, 240, 300);
	cairo_fill(c);
	cairo_set_source_rgb(c, 0.25, 0.25, 0.28);
	cairo_arc(c, x + 120, y + 105, 66, 0, 2 * G_PI);
	cairo_fill(c);
	cairo_set_source_rgb(c, 0.86, 0.70, 0.60);
	cairo_arc(c, x + 120, y + 120, 56, 0, 2 * G_PI);
	cairo_fill(c);
	cairo_set_source_rgb(c, 0.22, 0.28, 0.40);
	cairo_arc(c, x + 120, y + 300, 108, G_PI, 2 * G_PI);
	cairo_fill(c);
}

static void id_front(cairo_t *c, const struct document *d, const struct subject *s)
{
	const char *id = s->id_number;
	bool female = strlen(id) == 18 && (id[16] - '0') % 2 == 0;
	char born[64], place[300];

	snprintf(born, sizeof(born), "%.4s 年 %.2s 月 %.2s 日", id + 6, id + 10, id + 12);
	snprintf(place, sizeof(place), "%s%s", s->region, s->street);
	card(c, d);
	label(c, 70, 75, "姓 名", s->person);
	label(c, 70, 150, "性 别", female ? "女      民族 汉" : "男      民族 汉");
	label(c, 70, 225, "出 生", born);
	label(c, 70, 300, "住 址", place);
	face(c, 700, 90);
	cairo_set_source_rgb(c, 0.16, 0.36, 0.60);
	text(c, 70, 525, plain(SANS, 30), "公民身份号码");
	cairo_set_source_rgb(c, INK);
	text(c, 330, 515, (struct style){ SANS, 46, .bold = true }, id);
	if (s->seal)
		seal(c, 800, 480, 105, s->company);
}

static void id_back(cairo_t *c, const struct document *d, const struct subject *s)
{
	card(c, d);
	cairo_set_source_rgb(c, RED);
	cairo_arc(c, 150, 150, 88, 0, 2 * G_PI);
	cairo_fill(c);
	cairo_set_source_rgb(c, 0.95, 0.80, 0.25);
	star(c, 150, 150, 58);
	cairo_set_source_rgb(c, INK);
	text(c, 290, 75, (struct style){ SERIF, 54, .bold = true }, "中华人民共和国");
	text(c, 290, 165, (struct style){ SERIF, 76, .bold = true }, "居 民 身 份 证");
	label(c, 230, 420, "签发机关", "");
	text(c, 400, 415, plain(SANS, 36), "赣州市公安局章贡分局");
	label(c, 230, 510, "有效期限", "");
	text(c, 400, 505, plain(SANS, 36), "2019.06.11-2039.06.11");
	if (s->seal)
		seal(c, 850, 300, 105, s->company);
}

static void page_number(cairo_t *c, const struct document *d, const struct subject *s)
{
	char words[64];

	snprintf(words, sizeof(words), "第 %d 页 共 %d 页", s->page, s->pages);
	cairo_set_source_rgb(c, INK);
	text(c, 0, d->height - 90, (struct style){ SANS, 20, d->width, .centred = true }, words);
}

static void row(cairo_t *c, double y, double height, const char *name, const char *value)
{
	cairo_set_source_rgb(c, INK);
	cairo_set_line_width(c, 2);
	box(c, 110, y, 260, height);
	box(c, 370, y, 760, height);
	text(c, 130, y + height / 2 - 18, (struct style){ SANS, 25, .bold = true }, name);
	text(c, 395, y + 18, (struct style){ SANS, 26, .width = 715 }, value);
}

static void application_form(cairo_t *c, const struct document *d, const struct subject *s)
{
	const char *name[] = { "企业名称",       "统一社会信用代码", "法定代表人", "经办人姓名",
			       "经办人证件号码", "经办人手机号码",   "邮寄地址",   "业务类型" };
	char place[300];
	const char *value[] = { s->company,
				s->uscc,
				s->legal_rep,
				s->agent,
				s->agent_id_number,
				s->mobile,
				place,
				"☑ 新办    □ 更新    □ 补办    □ 变更    □ 注销" };
	size_t i;

	snprintf(place, sizeof(place), "%s%s", s->region, s->street);
	cairo_set_source_rgb(c, INK);
	text(c, 0, 110, (struct style){ SERIF, 46, d->width, true, true },
	     "机构（企业）数字证书业务申请表");
	text(c, 110, 200, plain(SANS, 22), "请用黑色签字笔填写，字迹清楚，不得涂改");
	for (i = 0; i < 8; i++)
		row(c, 250 + 88 * i, 88, name[i], value[i]);
	row(c, 954, 330, "机构声明",
	    "本机构已阅读并接受数字证书用户协议，保证所填内容和所交材料真实、完整、有效，"
	    "并授权上述经办人办理数字证书的申请、领取等事项。如有不实，由本机构承担由此产生"
	    "的一切责任。\n\n法定代表人（签字）：\n经办人（签字）：");
	cairo_set_source_rgb(c, 0.05, 0.08, 0.35);
	text(c, 660, 1180, plain(SERIF " Italic", 40), s->legal_rep);
	text(c, 600, 1222, plain(SERIF " Italic", 40), s->agent);
	cairo_set_source_rgb(c, INK);
	text(c, 760, 1400, plain(SANS, 26), "机构（盖公章）：");
	text(c, 760, 1460, plain(SANS, 26), "2026 年 11 月 20 日");
	seal(c, 900, 1420, 140, s->company);
	page_number(c, d, s);
}

static void user_agreement(cairo_t *c, const struct document *d, const struct subject *s)
{
	static const char *const clause[] = {
		"证书持有人应当提供真实、完整、准确的信息和材料，信息变化时及时告知电子认证服务"
		"机构，因资料不实造成的损失由证书持有人承担。",
		"证书持有人应当妥善保管存放私钥的介质和口令，不得转让、出借。发现私钥可能泄露时，"
		"应当立即停止使用并申请撤销证书。",
		"电子认证服务机构按照公布的电子认证业务规则提供服务，对申请材料进行审核，并对所知悉"
		"的个人信息和商业秘密保密。",
		"证书到期前，证书持有人可以申请更新；逾期未更新的，证书自动失效，不影响失效前所作"
		"电子签名的效力。",
		"因不可抗力或者证书持有人自身的原因造成的损失，电子认证服务机构依法不承担责任。",
		"双方因本协议发生的争议，应当协商解决；协商不成的，可以向有管辖权的人民法院提起诉讼。",
	};
	char words[1200];
	size_t i;

	cairo_set_source_rgb(c, INK);
	if (s->page == 1)
		text(c, 0, 110, (struct style){ SERIF, 42, d->width, true, true },
		     "《GDCA 数字证书用户协议书》");
	for (i = 0; i < 6; i++) {
		snprintf(words, sizeof(words), "第%d条  %s", (int)i + 1 + 6 * (s->page - 1),
			 clause[(i + s->page - 1) % 6]);
		text(c, 120, 230 + 175 * i, (struct style){ SERIF, 27, .width = d->width - 240 },
		     words);
	}
	if (s->page == s->pages) {
		text(c, 680, 1330, plain(SERIF, 27), "证书持有人（盖公章）：");
		text(c, 680, 1390, plain(SERIF, 27), s->company);
		text(c, 680, 1450, plain(SERIF, 27), "2026 年 11 月 20 日");
		seal(c, 890, 1400, 140, s->company);
	}
	page_number(c, d, s);
}

/* A page as a printer gave it, signed and stamped on its last one. */
static void printed(cairo_t *c, const struct document *d, const struct subject *s)
{
	cairo_surface_t *page = cairo_image_surface_create_from_png(s->picture ? s->picture : "");

	if (cairo_surface_status(page)) {
		fprintf(stderr, "samples: picture: %s\n",
			cairo_status_to_string(cairo_surface_status(page)));
		exit(1);
	}
	cairo_save(c);
	cairo_scale(c, d->width / cairo_image_surface_get_width(page),
		    d->height / cairo_image_surface_get_height(page));
	cairo_set_source_surface(c, page, 0, 0);
	cairo_paint(c);
	cairo_restore(c);
	cairo_surface_destroy(page);
	if (!s->seal)
		return;
	cairo_set_source_rgb(c, 0.05, 0.08, 0.35);
	text(c, 360, d->height * 0.72, plain(SERIF " Italic", 40), s->legal_rep);
	text(c, 360, d->height * 0.78, plain(SERIF " Italic", 40), s->agent);
	seal(c, 880, d->height * 0.8, 124, s->company);
}

static const struct document documents[] = {
	{ "printed", 1240, 1754, printed },
	{ "licence", 1600, 1130, licence },
	{ "id-front", 1010, 640, id_front },
	{ "id-back", 1010, 640, id_back },
	{ "application-form", 1240, 1754, application_form },
	{ "user-agreement", 1240, 1754, user_agreement },
};

const struct document *document_find(const char *name)
{
	size_t i;

	for (i = 0; i < G_N_ELEMENTS(documents); i++)
		if (!strcmp(documents[i].name, name))
			return &documents[i];
	return NULL;
}

static void specimen(cairo_t *c, const struct document *d)
{
	double size = d->width / 3.2;

	cairo_save(c);
	cairo_set_source_rgba(c, 0.85, 0.05, 0.05, 0.38);
	cairo_translate(c, d->width / 2, d->height / 2);
	cairo_rotate(c, -0.45);
	text(c, -d->width / 2, -size * 0.7, (struct style){ SANS, size, d->width, true, true },
	     "样 例");
	cairo_restore(c);
}

cairo_surface_t *document_paint(const struct document *d, const struct subject *s, int width_px)
{
	double scale = width_px / d->width;
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px,
							      (int)(d->height * scale + 0.5));
	cairo_t *c = cairo_create(surface);

	cairo_set_source_rgb(c, 0.985, 0.985, 0.98);
	cairo_paint(c);
	cairo_scale(c, scale, scale);
	d->draw(c, d, s);
	if (s->specimen)
		specimen(c, d);
	cairo_destroy(c);
	cairo_surface_flush(surface);
	return surface;
}

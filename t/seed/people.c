/* people.c: names, numbers and addresses, drawn at random and valid. */
#include "seed.h"

#include "base/alloc.h"
#include "base/die.h"
#include "db/row.h"

/* splitmix64 (Steele, Lea, Flood 2014). */
uint64_t seed_draw(struct seed_random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

unsigned seed_below(struct seed_random *r, unsigned n)
{
	return (unsigned)(seed_draw(r) % n);
}

#define PICK(r, table) ((table)[seed_below(r, ARRAY_SIZE(table))])

/* Common ones, double ones, and some that many systems cannot write. */
static const char *const surnames[] = { "赵", "钱", "孙", "李", "周", "吴", "郑",   "王",
					"冯", "陈", "褚", "卫", "蒋", "沈", "韩",   "杨",
					"朱", "秦", "尤", "许", "何", "吕", "欧阳", "司马",
					"钟", "曾", "廖", "赖", "邱", "谢", "昝",   "禤" };
static const char *const given[] = { "建", "国", "志", "强", "秀", "英", "丽", "华", "明", "芳",
				     "晓", "东", "海", "燕", "文", "博", "雨", "轩", "婷", "磊",
				     "洋", "静", "敏", "军", "杰", "娟", "涛", "超", "霞", "平",
				     "刚", "桂", "䶮", "喆", "堃", "犇", "玥", "翀", "祎", "珺" };
static const char *const other_names[] = { "阿卜杜热西提·艾合买提", "卓玛·次仁",
					   "古丽娜尔·买买提" };
static const char *const words[] = { "恒", "信", "达", "鑫", "源", "泰", "和", "顺",
				     "安", "宏", "盛", "华", "康", "瑞", "丰", "锦",
				     "驰", "远", "博", "睿", "晟", "垚", "铄", "骏" };
static const char *const trades[] = { "建筑工程", "商贸",       "物业服务", "信息技术",
				      "劳务派遣", "医疗器械",   "生态农业", "文化传媒",
				      "新能源",   "供应链管理", "机械制造", "食品" };
static const char *const kinds[] = {
	"有限公司",           "有限责任公司",         "股份有限公司",         "（赣州）有限公司",
	"有限公司（分公司）", "合伙企业（有限合伙）", "有限公司章贡区分公司", "集团有限公司"
};
static const char *const cities[] = { "赣州", "江西", "赣南", "章江", "南康", "瑞金", "信丰", "" };
static const char *const streets[] = { "红旗大道",     "文明大道",   "长征大道", "客家大道",
				       "东江源大道",   "新赣州大道", "兴国路",   "翠微路",
				       "水韵嘉城小区", "五指峰路" };

/* GB 11643-1999: check character mod 11-2. */
static void id_number(struct seed_random *r, char out[ID_NUMBER_LEN + 1])
{
	static const int weight[] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	static const unsigned places[] = { 360702, 360703, 360704, 360781, 360102, 440106, 510104 };
	int sum = 0;

	snprintf(out, ID_NUMBER_LEN + 1, "%06u%04u%02u%02u%03u", PICK(r, places),
		 1962 + seed_below(r, 40), 1 + seed_below(r, 12), 1 + seed_below(r, 28),
		 seed_below(r, 1000));
	for (size_t i = 0; i < ARRAY_SIZE(weight); i++)
		sum += (out[i] - '0') * weight[i];
	out[ID_NUMBER_LEN - 1] = "10X98765432"[sum % 11];
	out[ID_NUMBER_LEN] = '\0';
}

/* GB 32100-2015: check character mod 31 over powers of 3. */
static void uscc(struct seed_random *r, const char *region, char out[USCC_LEN + 1])
{
	static const char digits[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	unsigned sum = 0, weight = 1;

	snprintf(out, USCC_LEN + 1, "%s%s", seed_below(r, 10) ? "91" : "93", region);
	for (int i = 8; i < USCC_LEN - 1; i++)
		out[i] = digits[seed_below(r, i == 8 ? 31 : 10)];
	for (int i = 0; i < USCC_LEN - 1; i++) {
		sum += (unsigned)(strchr(digits, out[i]) - digits) * weight;
		weight = weight * 3 % 31;
	}
	out[USCC_LEN - 1] = digits[(31 - sum % 31) % 31];
	out[USCC_LEN] = '\0';
}

void seed_mobile(struct seed_random *r, char out[MOBILE_LEN + 1])
{
	snprintf(out, MOBILE_LEN + 1, "1%u%09u", 3 + seed_below(r, 7), seed_below(r, 1000000000));
}

void seed_person(struct seed_random *r, struct seed_person *p)
{
	*p = (struct seed_person){ 0 };
	if (seed_below(r, 50))
		snprintf(p->name, sizeof(p->name), "%s%s%s", PICK(r, surnames), PICK(r, given),
			 seed_below(r, 4) ? PICK(r, given) : "");
	else
		snprintf(p->name, sizeof(p->name), "%s", PICK(r, other_names));
	id_number(r, p->id_number);
	seed_mobile(r, p->mobile);
	if (seed_below(r, 4))
		snprintf(p->landline, sizeof(p->landline), "0797-8%06u", seed_below(r, 1000000));
}

void seed_company(struct seed_random *r, const struct seed_regions *regions, struct seed_company *c)
{
	*c = (struct seed_company){ 0 };
	snprintf(c->region, sizeof(c->region), "%s",
		 seed_below(r, 3) ? "360702" :
				    regions->code[seed_below(r, (unsigned)regions->count)]);
	snprintf(c->name, sizeof(c->name), "%s%s%s%s%s%s", PICK(r, cities), PICK(r, words),
		 PICK(r, words), PICK(r, words), PICK(r, trades), PICK(r, kinds));
	uscc(r, c->region, c->uscc);
	snprintf(c->street, sizeof(c->street), "%s%u号%u栋%u室", PICK(r, streets),
		 1 + seed_below(r, 300), 1 + seed_below(r, 30), 101 + seed_below(r, 3000));
	snprintf(c->email, sizeof(c->email), "cai%u@example.com", seed_below(r, 100000000));
}

void seed_core(struct seed_random *r, char out[SEED_CORE_LEN + 1])
{
	snprintf(out, SEED_CORE_LEN + 1, "%s%s%s", PICK(r, words), PICK(r, words), PICK(r, words));
}

static bool begins_with_word(const char *text)
{
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncmp(words[i], text, strlen(words[i])))
			return true;
	return false;
}

bool seed_company_core(const char *name, size_t *at)
{
	static const size_t word = SEED_CORE_LEN / 3;
	size_t n = strlen(name);

	for (*at = 0; *at + SEED_CORE_LEN <= n; ++*at)
		if (begins_with_word(name + *at) && begins_with_word(name + *at + word) &&
		    begins_with_word(name + *at + 2 * word))
			return true;
	return false;
}

void seed_regions_load(struct db *db, struct seed_regions *regions)
{
	struct db_result *r = db_select(
		db, "SELECT code FROM region WHERE leaf AND valid ORDER BY code", DB_NO_ARGS);

	regions->code = xcalloc(SEED_REGIONS_MAX, sizeof(*regions->code));
	regions->count = 0;
	while (regions->count < SEED_REGIONS_MAX &&
	       db_next_row(r, DB_OUT(DB_TEXT("code", regions->code[regions->count]))))
		regions->count++;
	db_result_free(r);
	if (!regions->count)
		die("table region is empty: ./dev up fills it");
}

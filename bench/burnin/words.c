/* words.c - made-up patients and the lines about them. */
#include "config.h"

#include "bench/burnin/words.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* ---- tables ---- */

struct name { const char *kanji, *kana, *latin; };

static const struct name families[] = {
	{ "佐藤", "サトウ", "SATO" }, { "鈴木", "スズキ", "SUZUKI" },
	{ "高橋", "タカハシ", "TAKAHASHI" }, { "田中", "タナカ", "TANAKA" },
	{ "伊藤", "イトウ", "ITO" }, { "渡辺", "ワタナベ", "WATANABE" },
	{ "山本", "ヤマモト", "YAMAMOTO" }, { "中村", "ナカムラ", "NAKAMURA" },
	{ "小林", "コバヤシ", "KOBAYASHI" }, { "加藤", "カトウ", "KATO" },
	{ "吉田", "ヨシダ", "YOSHIDA" }, { "山田", "ヤマダ", "YAMADA" },
	{ "佐々木", "ササキ", "SASAKI" }, { "斎藤", "サイトウ", "SAITO" },
	{ "松本", "マツモト", "MATSUMOTO" }, { "井上", "イノウエ", "INOUE" },
	{ "木村", "キムラ", "KIMURA" }, { "林", "ハヤシ", "HAYASHI" },
	{ "清水", "シミズ", "SHIMIZU" }, { "山崎", "ヤマザキ", "YAMAZAKI" },
	{ "森", "モリ", "MORI" }, { "阿部", "アベ", "ABE" },
	{ "池田", "イケダ", "IKEDA" }, { "橋本", "ハシモト", "HASHIMOTO" },
	{ "石川", "イシカワ", "ISHIKAWA" }, { "前田", "マエダ", "MAEDA" },
	{ "藤田", "フジタ", "FUJITA" }, { "小川", "オガワ", "OGAWA" },
	{ "後藤", "ゴトウ", "GOTO" }, { "岡田", "オカダ", "OKADA" },
	{ "長谷川", "ハセガワ", "HASEGAWA" }, { "村上", "ムラカミ", "MURAKAMI" },
	{ "近藤", "コンドウ", "KONDO" }, { "遠藤", "エンドウ", "ENDO" },
	{ "青木", "アオキ", "AOKI" }, { "坂本", "サカモト", "SAKAMOTO" },
	{ "福田", "フクダ", "FUKUDA" }, { "西村", "ニシムラ", "NISHIMURA" },
	{ "太田", "オオタ", "OTA" }, { "三浦", "ミウラ", "MIURA" },
	{ "藤原", "フジワラ", "FUJIWARA" }, { "岡本", "オカモト", "OKAMOTO" },
	{ "中島", "ナカジマ", "NAKAJIMA" }, { "原田", "ハラダ", "HARADA" },
	{ "小野", "オノ", "ONO" }, { "竹内", "タケウチ", "TAKEUCHI" },
	{ "金子", "カネコ", "KANEKO" }, { "和田", "ワダ", "WADA" },
	{ "久保", "クボ", "KUBO" }, { "五十嵐", "イガラシ", "IGARASHI" },
};

static const struct name givens_male[] = {
	{ "太郎", "タロウ", "TARO" }, { "一郎", "イチロウ", "ICHIRO" },
	{ "健", "ケン", "KEN" }, { "翔太", "ショウタ", "SHOTA" },
	{ "大輔", "ダイスケ", "DAISUKE" }, { "誠", "マコト", "MAKOTO" },
	{ "浩", "ヒロシ", "HIROSHI" }, { "隆", "タカシ", "TAKASHI" },
	{ "修", "オサム", "OSAMU" }, { "直樹", "ナオキ", "NAOKI" },
	{ "拓也", "タクヤ", "TAKUYA" }, { "和夫", "カズオ", "KAZUO" },
	{ "正", "タダシ", "TADASHI" }, { "進", "ススム", "SUSUMU" },
	{ "豊", "ユタカ", "YUTAKA" }, { "健一", "ケンイチ", "KENICHI" },
	{ "達也", "タツヤ", "TATSUYA" }, { "蓮", "レン", "REN" },
	{ "優", "ユウ", "YU" }, { "敏行", "トシユキ", "TOSHIYUKI" },
};

static const struct name givens_female[] = {
	{ "花子", "ハナコ", "HANAKO" }, { "陽子", "ヨウコ", "YOKO" },
	{ "美咲", "ミサキ", "MISAKI" }, { "さくら", "サクラ", "SAKURA" },
	{ "恵子", "ケイコ", "KEIKO" }, { "久美子", "クミコ", "KUMIKO" },
	{ "由美", "ユミ", "YUMI" }, { "幸子", "サチコ", "SACHIKO" },
	{ "和子", "カズコ", "KAZUKO" }, { "明美", "アケミ", "AKEMI" },
	{ "真由美", "マユミ", "MAYUMI" }, { "智子", "トモコ", "TOMOKO" },
	{ "葵", "アオイ", "AOI" }, { "結衣", "ユイ", "YUI" },
	{ "千代", "チヨ", "CHIYO" }, { "京子", "キョウコ", "KYOKO" },
	{ "裕子", "ユウコ", "YUKO" }, { "愛", "アイ", "AI" },
	{ "彩", "アヤ", "AYA" }, { "節子", "セツコ", "SETSUKO" },
};

/* Words that pictures carry anyway, as names. */
static const struct name benign_families[] = {
	{ "前", "マエ", "HEAD" }, { "上", "ウエ", "LONG" },
	{ "左", "ヒダリ", "LEFT" }, { "平", "タイラ", "PLANE" },
	{ "下", "シモ", "WEIGHT" }, { "中", "ナカ", "POST" },
	{ "正面", "マサツラ", "BODY" }, { "右", "ミギ", "RIGHT" },
};
static const struct name benign_givens[] = {
	{ "正", "タダシ", "WALL" }, { "中", "アタル", "SCOTT" },
	{ "上", "ノボル", "FRANK" }, { "平", "タイラ", "CHEST" },
	{ "進", "ススム", "GAIN" }, { "一", "ハジメ", "AXEL" },
	{ "右", "ユウ", "POST" }, { "前", "ススム", "LAT" },
};

static const char *const west_families[] = {
	"SMITH", "JOHNSON", "WILLIAMS", "BROWN", "JONES", "GARCIA", "MILLER",
	"DAVIS", "MARTINEZ", "WILSON", "ANDERSON", "TAYLOR", "THOMAS",
	"MOORE", "JACKSON", "MARTIN", "LEE", "THOMPSON", "WHITE", "HARRIS",
	"CLARK", "LEWIS", "ROBINSON", "WALKER", "YOUNG", "NGUYEN", "O'BRIEN",
	"MULLER", "SCHMIDT", "ROSSI", "DUPONT", "KOWALSKI", "NOVAK", "SILVA",
	"FERNANDEZ", "VAN DIJK", "LINDQVIST", "HANSEN", "PATEL", "KIM",
};
static const char *const west_givens[] = {
	"JAMES", "MARY", "ROBERT", "PATRICIA", "JOHN", "JENNIFER", "MICHAEL",
	"LINDA", "DAVID", "ELIZABETH", "WILLIAM", "BARBARA", "RICHARD",
	"SUSAN", "JOSEPH", "JESSICA", "THOMAS", "SARAH", "KAREN", "CARLOS",
	"ANNA", "PETER", "MARIA", "IVAN", "HELGA", "PIERRE", "LUCA", "EMMA",
};

static const char *const places_japanese[] = {
	"北山", "みなと", "青葉", "桜ヶ丘", "中央", "東雲", "若葉", "緑町",
	"富士見", "大空", "川端", "白樺", "松原", "南", "城北",
};
static const char *const places_latin[] = {
	"KITAYAMA", "MINATO", "AOBA", "RIVERSIDE", "ST. MARY", "LAKESIDE",
	"NORTHFIELD", "Green Hill", "Oakwood", "Sakuragaoka", "Shinonome",
	"Bayview", "Westbrook", "Mount Hope",
};
static const char *const houses_japanese[] = {
	"病院", "総合病院", "市立病院", "大学病院", "クリニック", "医院",
	"赤十字病院", "医療センター", "整形外科", "大学医学部附属病院",
	"健診センター", "脳神経外科病院",
};
static const char *const houses_latin[] = {
	"HOSPITAL", "GENERAL HOSPITAL", "CLINIC", "MEDICAL CENTER",
	"University Hospital", "Clinic", "Hospital", "Health Centre",
	"Imaging Institute", "Radiology",
};
static const char *const towns[] = {
	"東京都新宿区", "大阪市北区", "神奈川県横浜市", "札幌市中央区",
	"福岡県久留米市", "京都市左京区", "愛知県豊田市", "宮城県仙台市",
};
static const char *const streets[] = {
	"Main Street", "Oak Avenue", "Park Road", "Elm St.", "Hill Lane",
	"Station Road", "Church St.", "Maple Drive",
};
static const char *const months[] = {
	"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
	"Nov", "Dec",
};

/* Fixed technical lines; # stands for a digit of chance. */
static const char *const benign_latin[] = {
	"L", "R", "A", "P", "LEFT", "RIGHT", "SUPINE", "PORTABLE", "ERECT",
	"AP", "PA", "LAT", "W 400 L 40", "WW 1500 WL -600", "120 kV",
	"2## mAs", "kVp 1##", "TR 4##0 TE 9#", "TE: 8#", "FOV 24#mm",
	"ZOOM 1.#", "5.0 mm", "SL 1.#", "MI 1.#", "TIS 0.#", "FR 2#Hz",
	"Gn 5#", "DR 6#", "2D", "PW 50%", "D 1#.# cm", "EI 4##", "1.5T",
	"FLAIR", "T2 FSE", "T1 SE", "Contrast", "AXIAL", "SAG", "COR",
	"10 cm", "5 cm", "cm/s", "-60", "+60", "S 1#", "Im 2#", "Se 3",
	"512 x 512", "MIP", "BONE", "LUNG", "Soft", "Thk 3.0", "DFOV 3#.0cm",
	"CHEST", "Frequency 3.# MHz", "Depth 15 cm", "Dynamic Range 60dB",
	"Compression 1##N", "MLO", "CC", "HFS", "ADULT", "Abdomen",
	"70kV 2.5mAs", "Loc: -1##.5", "Mag 1.0", "Filter 2", "ET: 8",
};
static const char *const benign_japanese[] = {
	"左", "右", "立位", "臥位", "仰臥位", "正面", "側面", "吸気", "呼気",
	"胸部", "腹部", "造影", "単純", "撮影距離 180cm", "ウィンドウ",
	"倍率 1.#", "スライス厚 5mm", "管電圧 120kV", "深さ 15cm", "骨条件",
	"肺野条件", "矢状断", "冠状断", "水平断", "動脈相", "平衡相",
};

/* ---- patients ---- */

/* to has room for WORDS bytes. */
static void put(char *to, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void put(char *to, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(to, WORDS, format, arguments);
	va_end(arguments);
}

static void copy(char *to, const char *text)
{
	put(to, "%s", text);
}

static void put_name(struct patient *p, const struct name *family,
		     const struct name *given)
{
	copy(p->family_kanji, family->kanji);
	copy(p->family_kana, family->kana);
	copy(p->family, family->latin);
	copy(p->given_kanji, given->kanji);
	copy(p->given_kana, given->kana);
	copy(p->given, given->latin);
}

static void draw_name(struct patient *p, struct dice *d, bool benign)
{
	const struct name *family = &DICE_PICK(d, families);
	const struct name *given = p->female ? &DICE_PICK(d, givens_female) :
					       &DICE_PICK(d, givens_male);

	if (benign) {
		family = &DICE_PICK(d, benign_families);
		given = &DICE_PICK(d, benign_givens);
	}
	put_name(p, family, given);
	if (p->japanese || benign)
		return;
	copy(p->family, DICE_PICK(d, west_families));
	copy(p->given, DICE_PICK(d, west_givens));
}

/* Digits for each # and letters for each @ of a pattern. */
static void fill_in(char *to, size_t size, const char *pattern, struct dice *d)
{
	size_t i;

	for (i = 0; pattern[i] && i + 1 < size; i++)
		to[i] = pattern[i] == '#' ? (char)('0' + dice_range(d, 0, 9)) :
			pattern[i] == '@' ? (char)('A' + dice_range(d, 0, 25)) :
			pattern[i];
	to[i] = '\0';
}

static void draw_numbers(struct patient *p, struct dice *d)
{
	static const char *const ids[] = {
		"########", "##########", "00######", "##-####-##", "@#######",
		"#######", "@@######", "####-####", "0000######", "######-#",
	};
	static const char *const accessions[] = {
		"2024########", "A#########", "##########", "CT######",
		"###########", "@@@-######",
	};
	static const char *const phones[] = {
		"03-####-####", "090-####-####", "(06)####-####",
		"0##-###-####", "+81 3 #### ####", "555-01##", "(555) 555-01##",
	};
	static const char *const insurances[] = {
		"06######", "記号 #### 番号 ######", "#### ######",
		"39######",
	};

	fill_in(p->id, sizeof(p->id), DICE_PICK(d, ids), d);
	fill_in(p->accession, sizeof(p->accession), DICE_PICK(d, accessions),
		d);
	fill_in(p->phone, sizeof(p->phone), DICE_PICK(d, phones), d);
	fill_in(p->insurance, sizeof(p->insurance), DICE_PICK(d, insurances),
		d);
}

static void draw_places(struct patient *p, struct dice *d)
{
	char number[WORDS];

	if (p->japanese) {
		put(p->institution, "%s%s",
			 DICE_PICK(d, places_japanese),
			 DICE_PICK(d, houses_japanese));
		put(p->address, "%s%s%d-%d-%d", DICE_PICK(d, towns),
			 DICE_PICK(d, places_japanese), dice_range(d, 1, 9),
			 dice_range(d, 1, 30), dice_range(d, 1, 20));
		copy(p->physician, DICE_PICK(d, families).kanji);
		return;
	}
	put(p->institution, "%s %s", DICE_PICK(d, places_latin),
		 DICE_PICK(d, houses_latin));
	fill_in(number, sizeof(number), "1##", d);
	put(p->address, "%s %s", number, DICE_PICK(d, streets));
	copy(p->physician, DICE_PICK(d, west_families));
}

void patient_draw(struct patient *p, struct dice *d, bool japanese,
		  bool benign_names)
{
	*p = (struct patient){ .japanese = japanese };
	p->female = dice_chance(d, 500);
	draw_name(p, d, benign_names);
	p->birth[0] = dice_range(d, 1928, 2019);
	p->study[0] = dice_range(d, 2019, 2025);
	p->birth[1] = dice_range(d, 1, 12);
	p->birth[2] = dice_range(d, 1, 28);
	p->study[1] = dice_range(d, 1, 12);
	p->study[2] = dice_range(d, 1, 28);
	p->age = p->study[0] - p->birth[0] -
		 (p->study[1] * 32 + p->study[2] <
		  p->birth[1] * 32 + p->birth[2]);
	if (p->age < 0)
		p->age = 0;
	p->time[0] = dice_range(d, 7, 20);
	p->time[1] = dice_range(d, 0, 59);
	p->time[2] = dice_range(d, 0, 59);
	draw_numbers(p, d);
	draw_places(p, d);
}

/* ---- forms ---- */

/* Half-width katakana (JIS X 0201) of full-width; the marks apart. */
static void half_width(char *to, const char *kana)
{
	static const char *const wide[] = {
		"ア", "イ", "ウ", "エ", "オ", "カ", "キ", "ク", "ケ", "コ",
		"サ", "シ", "ス", "セ", "ソ", "タ", "チ", "ツ", "テ", "ト",
		"ナ", "ニ", "ヌ", "ネ", "ノ", "ハ", "ヒ", "フ", "ヘ", "ホ",
		"マ", "ミ", "ム", "メ", "モ", "ヤ", "ユ", "ヨ", "ラ", "リ",
		"ル", "レ", "ロ", "ワ", "ン", "ガ", "ギ", "グ", "ゲ", "ゴ",
		"ザ", "ジ", "ズ", "ゼ", "ゾ", "ダ", "ヂ", "ヅ", "デ", "ド",
		"バ", "ビ", "ブ", "ベ", "ボ", "パ", "ピ", "プ", "ペ", "ポ",
		"ッ", "ャ", "ュ", "ョ", "ー",
	};
	static const char *const half[] = {
		"ｱ", "ｲ", "ｳ", "ｴ", "ｵ", "ｶ", "ｷ", "ｸ", "ｹ", "ｺ",
		"ｻ", "ｼ", "ｽ", "ｾ", "ｿ", "ﾀ", "ﾁ", "ﾂ", "ﾃ", "ﾄ",
		"ﾅ", "ﾆ", "ﾇ", "ﾈ", "ﾉ", "ﾊ", "ﾋ", "ﾌ", "ﾍ", "ﾎ",
		"ﾏ", "ﾐ", "ﾑ", "ﾒ", "ﾓ", "ﾔ", "ﾕ", "ﾖ", "ﾗ", "ﾘ",
		"ﾙ", "ﾚ", "ﾛ", "ﾜ", "ﾝ", "ｶﾞ", "ｷﾞ", "ｸﾞ", "ｹﾞ", "ｺﾞ",
		"ｻﾞ", "ｼﾞ", "ｽﾞ", "ｾﾞ", "ｿﾞ", "ﾀﾞ", "ﾁﾞ", "ﾂﾞ", "ﾃﾞ", "ﾄﾞ",
		"ﾊﾞ", "ﾋﾞ", "ﾌﾞ", "ﾍﾞ", "ﾎﾞ", "ﾊﾟ", "ﾋﾟ", "ﾌﾟ", "ﾍﾟ", "ﾎﾟ",
		"ｯ", "ｬ", "ｭ", "ｮ", "ｰ",
	};
	struct buffer out = { 0 };

	while (*kana) {
		size_t i = 0, size = 3;

		while (i < sizeof(wide) / sizeof(*wide) &&
		       strncmp(kana, wide[i], 3) != 0)
			i++;
		if (i < sizeof(wide) / sizeof(*wide))
			buffer_puts(&out, half[i]);
		else
			buffer_append(&out, kana, size = 1);
		kana += size;
	}
	copy(to, out.data ? out.data : "");
	buffer_done(&out);
}

/* Katakana U+30A1..30F6 to hiragana, 0x60 below. */
static void hiragana(char *to, const char *kana)
{
	size_t i;

	for (i = 0; kana[i] && i + 3 < WORDS; i++) {
		unsigned char a = (unsigned char)kana[i];

		to[i] = kana[i];
		if (a != 0xE3)
			continue;
		unsigned c = ((unsigned char)kana[i + 1] & 0x3Fu) << 6 |
			     ((unsigned char)kana[i + 2] & 0x3Fu);

		if (c >= 0x0A1 + 0x0 && c <= 0x0F6)
			c -= 0x60;
		to[i + 1] = (char)(0x80 | c >> 6);
		to[i + 2] = (char)(0x80 | (c & 0x3F));
		i += 2;
	}
	to[i] = '\0';
}

/* "SATO" to "Sato". */
static void capital(char *to, const char *latin)
{
	bool first = true;

	copy(to, latin);
	for (; *to; to++) {
		if (!first && *to >= 'A' && *to <= 'Z')
			*to = (char)(*to - 'A' + 'a');
		first = *to == ' ' || *to == '\'' || *to == '-';
	}
}

static void form_latin_name(char *to, const struct patient *p, struct dice *d)
{
	char family[WORDS], given[WORDS];

	capital(family, p->family);
	capital(given, p->given);
	switch (dice_range(d, 0, 7)) {
	case 0: put(to, "%s^%s", p->family, p->given); break;
	case 1: put(to, "%s, %s", family, given); break;
	case 2: put(to, "%s %s", p->given, p->family); break;
	case 3: put(to, "%s %s", given, family); break;
	case 4: put(to, "%s, %.1s.", family, given); break;
	case 5: put(to, "%s", p->family); break;
	default: put(to, "%s %s", p->family, p->given); break;
	}
}

static void form_kanji_name(char *to, const struct patient *p, struct dice *d)
{
	static const char *const gaps[] = { " ", "", "　", " ", "", " " };
	static const char *const ends[] = { "", "", "", " 様", " 殿", "" };
	int form = dice_range(d, 0, (int)(sizeof(gaps) / sizeof(*gaps)) - 1);

	put(to, "%s%s%s%s", p->family_kanji, gaps[form],
		 p->given_kanji, ends[form]);
}

static void form_kana_name(char *to, const struct patient *p, struct dice *d)
{
	char family[WORDS], given[WORDS];
	int form = dice_range(d, 0, 2);

	copy(family, p->family_kana);
	copy(given, p->given_kana);
	if (form == 0) {
		half_width(family, p->family_kana);
		half_width(given, p->given_kana);
	} else if (form == 1) {
		hiragana(family, p->family_kana);
		hiragana(given, p->given_kana);
	}
	put(to, "%s %s", family, given);
}

/* The era of a date: its sign, its name, its first year. */
static int era(const int *date, const char **sign, const char **name)
{
	static const struct { int year; const char *sign, *name; } eras[] = {
		{ 2020, "R", "令和" }, { 1990, "H", "平成" },
		{ 1927, "S", "昭和" }, { 1913, "T", "大正" },
	};
	int i = 0;

	while (i < 3 && date[0] < eras[i].year)
		i++;
	*sign = eras[i].sign;
	*name = eras[i].name;
	return date[0] - eras[i].year + 2;
}

static void form_latin_date(char *to, const int *t, struct dice *d)
{
	const char *month = months[t[1] - 1];
	char upper[4];

	snprintf(upper, sizeof(upper), "%s", month);
	for (char *c = upper; *c; c++)
		if (*c >= 'a')
			*c = (char)(*c - 'a' + 'A');
	switch (dice_range(d, 0, 9)) {
	case 0: put(to, "%d-%02d-%02d", t[0], t[1], t[2]); break;
	case 1: put(to, "%02d.%02d.%d", t[2], t[1], t[0]); break;
	case 2: put(to, "%02d/%02d/%d", t[1], t[2], t[0]); break;
	case 3: put(to, "%02d-%s-%d", t[2], month, t[0]); break;
	case 4: put(to, "%s %d, %d", month, t[2], t[0]); break;
	case 5: put(to, "%d.%d.%d", t[0], t[1], t[2]); break;
	case 6: put(to, "%02d %s %d", t[2], upper, t[0]); break;
	case 7: put(to, "%d%02d%02d", t[0], t[1], t[2]); break;
	case 8: put(to, "%d/%d/%02d", t[1], t[2], t[0] % 100);
		break;
	default: put(to, "%d/%02d/%02d", t[0], t[1], t[2]); break;
	}
}

static void form_japanese_date(char *to, const int *t, struct dice *d)
{
	const char *sign, *name;
	int year = era(t, &sign, &name);

	switch (dice_range(d, 0, 4)) {
	case 0: put(to, "%s%d.%d.%d", sign, year, t[1], t[2]);
		break;
	case 1: put(to, "%s%d年%d月%d日", name, year, t[1], t[2]);
		break;
	case 2: put(to, "%s%02d/%02d/%02d", sign, year, t[1], t[2]);
		break;
	case 3: put(to, "%s%d.%d.%d", name, year, t[1], t[2]);
		break;
	default: put(to, "%d年%d月%d日", t[0], t[1], t[2]);
		break;
	}
}

static void form_date(char *to, const int *t, struct dice *d, bool japanese)
{
	if (japanese)
		form_japanese_date(to, t, d);
	else
		form_latin_date(to, t, d);
}

static void form_age(char *to, const struct patient *p, struct dice *d,
		     bool japanese)
{
	const char *sex = p->female ? "F" : "M";

	if (japanese) {
		put(to, "%d歳 %s", p->age,
			 p->female ? "女" : "男");
		return;
	}
	switch (dice_range(d, 0, 3)) {
	case 0: put(to, "%03dY %s", p->age, sex); break;
	case 1: put(to, "%s/%d", sex, p->age); break;
	case 2: put(to, "%d YEARS [%s]", p->age, sex); break;
	default: put(to, "%s %03dY", sex, p->age); break;
	}
}

static void form_physician(char *to, const struct patient *p, struct dice *d,
			   bool japanese)
{
	char name[WORDS];

	if (japanese) {
		put(to, "%s%s", p->japanese ? p->physician :
			 DICE_PICK(d, families).kanji,
			 dice_chance(d, 500) ? " 医師" : "先生");
		return;
	}
	capital(name, p->japanese ? DICE_PICK(d, families).latin :
				    p->physician);
	if (dice_chance(d, 700))
		put(to, "Dr. %s", name);
	else
		put(to, "%s MD", name);
}

/* ---- lines ---- */

enum what { WHAT_NAME, WHAT_KANA, WHAT_ID, WHAT_DOB, WHAT_DATE, WHAT_TIME,
	    WHAT_AGE, WHAT_ACCESSION, WHAT_PLACE, WHAT_DOCTOR, WHAT_ADDRESS,
	    WHAT_PHONE, WHAT_INSURANCE, WHATS };

static const struct what_row {
	const char *class;
	int weight;
	const char *latin[3], *japanese[3];     /* labels */
} what_rows[WHATS] = {
	[WHAT_NAME] = { "name", 26, { "Name:", "Patient:", "Pt. Name" },
			{ "氏名", "患者名:", "氏名：" } },
	[WHAT_KANA] = { "kana", 8, { "", "", "" }, { "カナ", "フリガナ", "" } },
	[WHAT_ID] = { "patient_id", 16, { "ID:", "Patient ID:", "MRN" },
		      { "患者ID", "ID番号", "カルテ番号:" } },
	[WHAT_DOB] = { "dob", 11, { "DOB:", "Birth Date:", "Born" },
		       { "生年月日", "生年月日:", "生" } },
	[WHAT_DATE] = { "date", 12, { "Date:", "Study Date:", "Acq" },
			{ "検査日", "撮影日:", "日付" } },
	[WHAT_TIME] = { "time", 4, { "Time:", "", "" }, { "時刻", "", "" } },
	[WHAT_AGE] = { "age_sex", 4, { "Age/Sex:", "", "Sex" },
		       { "年齢", "性別", "" } },
	[WHAT_ACCESSION] = { "accession", 6, { "Acc:", "Accession", "Acc #" },
			     { "受付番号", "検査番号:", "" } },
	[WHAT_PLACE] = { "institution", 10, { "", "", "" }, { "", "", "" } },
	[WHAT_DOCTOR] = { "physician", 4, { "Ref:", "", "Phys:" },
			  { "依頼医", "担当医:", "" } },
	[WHAT_ADDRESS] = { "address", 2, { "Addr:", "", "" },
			   { "住所", "", "" } },
	[WHAT_PHONE] = { "phone", 3, { "Tel:", "TEL", "Phone:" },
			 { "電話", "TEL", "連絡先" } },
	[WHAT_INSURANCE] = { "insurance", 2, { "Ins. No.", "", "" },
			     { "保険者番号", "保険証", "" } },
};

static enum what draw_what(struct dice *d)
{
	int total = 0, at;

	for (int i = 0; i < WHATS; i++)
		total += what_rows[i].weight;
	at = dice_range(d, 0, total - 1);
	for (int i = 0; i < WHATS; i++) {
		if (at < what_rows[i].weight)
			return (enum what)i;
		at -= what_rows[i].weight;
	}
	return WHAT_NAME;
}

static void form_place(char *to, const struct patient *p, struct dice *d,
		       bool japanese)
{
	if (japanese && !p->japanese)
		put(to, "%s%s", DICE_PICK(d, places_japanese),
			 DICE_PICK(d, houses_japanese));
	else if (!japanese && p->japanese)
		put(to, "%s %s", DICE_PICK(d, places_latin),
			 DICE_PICK(d, houses_latin));
	else
		copy(to, p->institution);
}

static void form_address(char *to, const struct patient *p, struct dice *d,
			 bool japanese)
{
	if (japanese == p->japanese)
		copy(to, p->address);
	else if (japanese)
		put(to, "%s%d-%d", DICE_PICK(d, towns),
			 dice_range(d, 1, 30), dice_range(d, 1, 30));
	else
		put(to, "%d %s", dice_range(d, 2, 999),
			 DICE_PICK(d, streets));
}

static void form_time(char *to, const int *t, struct dice *d, bool japanese)
{
	if (japanese)
		put(to, "%d時%02d分", t[0], t[1]);
	else if (dice_chance(d, 500))
		put(to, "%02d:%02d", t[0], t[1]);
	else
		put(to, "%02d:%02d:%02d", t[0], t[1], t[2]);
}

static void form(struct words *w, const struct patient *p, struct dice *d,
		 enum what what, bool japanese)
{
	switch (what) {
	case WHAT_NAME:
		(japanese ? form_kanji_name : form_latin_name)(w->text, p, d);
		break;
	case WHAT_KANA: form_kana_name(w->text, p, d); break;
	case WHAT_ID: copy(w->text, p->id); break;
	case WHAT_DOB: form_date(w->text, p->birth, d, japanese); break;
	case WHAT_DATE: form_date(w->text, p->study, d, japanese); break;
	case WHAT_TIME: form_time(w->text, p->time, d, japanese); break;
	case WHAT_AGE: form_age(w->text, p, d, japanese); break;
	case WHAT_ACCESSION: copy(w->text, p->accession); break;
	case WHAT_PLACE: form_place(w->text, p, d, japanese); break;
	case WHAT_DOCTOR: form_physician(w->text, p, d, japanese); break;
	case WHAT_ADDRESS: form_address(w->text, p, d, japanese); break;
	case WHAT_PHONE: copy(w->text, p->phone); break;
	default: copy(w->text, p->insurance); break;
	}
}

static bool has_japanese(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0xE3)
			return true;
	return false;
}

void words_identifier(struct words *w, const struct patient *p, struct dice *d,
		      enum script script)
{
	bool japanese = script == SCRIPT_JAPANESE ||
			(script == SCRIPT_ANY && p->japanese &&
			 dice_chance(d, 600));
	enum what what;

	*w = (struct words){ .identifier = true };
	do {
		what = draw_what(d);
		form(w, p, d, what, japanese);
	} while (script != SCRIPT_ANY &&
		 has_japanese(w->text) != (script == SCRIPT_JAPANESE));
	w->class = what_rows[what].class;
	if (dice_chance(d, 350))
		copy(w->label, (japanese ? what_rows[what].japanese :
				what_rows[what].latin)[dice_range(d, 0, 2)]);
}

void words_benign(struct words *w, struct dice *d, enum script script)
{
	bool japanese = script == SCRIPT_JAPANESE ||
			(script == SCRIPT_ANY && dice_chance(d, 300));

	*w = (struct words){ .class = "other" };
	fill_in(w->text, sizeof(w->text), japanese ?
		DICE_PICK(d, benign_japanese) : DICE_PICK(d, benign_latin), d);
}

/* words.c - tables of labels, telling words and benign words. */
#include "config.h"

#include "ocr/words.h"

#include <stddef.h>
#include <string.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Longer ones before those they start with. */
static const struct label_word {
	const char *word;
	enum box_class class_;
} label_words[] = {
	{ "氏名", CLASS_NAME }, { "患者氏名", CLASS_NAME },
	{ "患者名", CLASS_NAME }, { "受診者名", CLASS_NAME },
	{ "お名前", CLASS_NAME }, { "名前", CLASS_NAME },
	{ "姓名", CLASS_NAME }, { "被検者", CLASS_NAME },
	{ "患者ID", CLASS_PATIENT_ID }, { "患者番号", CLASS_PATIENT_ID },
	{ "カルテ番号", CLASS_PATIENT_ID }, { "カルテNO", CLASS_PATIENT_ID },
	{ "診察券番号", CLASS_PATIENT_ID }, { "登録番号", CLASS_PATIENT_ID },
	{ "診察券", CLASS_PATIENT_ID }, { "カルテ", CLASS_PATIENT_ID },
	{ "患者", CLASS_NAME },
	{ "フリガナ", CLASS_KANA }, { "ふりがな", CLASS_KANA },
	{ "カナ氏名", CLASS_KANA }, { "カナ", CLASS_KANA },
	{ "生年月日", CLASS_DOB }, { "誕生日", CLASS_DOB },
	{ "生年", CLASS_DOB },
	{ "検査日時", CLASS_DATE }, { "検査日", CLASS_DATE },
	{ "撮影日時", CLASS_DATE }, { "撮影日", CLASS_DATE },
	{ "依頼日", CLASS_DATE }, { "受付日", CLASS_DATE },
	{ "採取日", CLASS_DATE }, { "作成日", CLASS_DATE },
	{ "発行日", CLASS_DATE }, { "日付", CLASS_DATE },
	{ "日時", CLASS_DATE },
	{ "時刻", CLASS_TIME },
	{ "年齢", CLASS_AGE_SEX }, { "性別", CLASS_AGE_SEX },
	{ "受付番号", CLASS_ACCESSION }, { "検査番号", CLASS_ACCESSION },
	{ "依頼番号", CLASS_ACCESSION }, { "標本番号", CLASS_ACCESSION },
	{ "検体番号", CLASS_ACCESSION }, { "病理番号", CLASS_ACCESSION },
	{ "オーダ番号", CLASS_ACCESSION }, { "オーダー番号", CLASS_ACCESSION },
	{ "医療機関", CLASS_INSTITUTION }, { "施設名", CLASS_INSTITUTION },
	{ "病院名", CLASS_INSTITUTION }, { "施設", CLASS_INSTITUTION },
	{ "依頼医", CLASS_PHYSICIAN }, { "担当医", CLASS_PHYSICIAN },
	{ "主治医", CLASS_PHYSICIAN }, { "読影医", CLASS_PHYSICIAN },
	{ "診断医", CLASS_PHYSICIAN }, { "医師", CLASS_PHYSICIAN },
	{ "術者", CLASS_PHYSICIAN }, { "検査者", CLASS_PHYSICIAN },
	{ "撮影者", CLASS_PHYSICIAN }, { "担当技師", CLASS_PHYSICIAN },
	{ "技師", CLASS_PHYSICIAN },
	{ "住所", CLASS_ADDRESS }, { "電話番号", CLASS_PHONE },
	{ "電話", CLASS_PHONE }, { "連絡先", CLASS_PHONE },
	{ "保険者番号", CLASS_INSURANCE }, { "被保険者", CLASS_INSURANCE },
	{ "保険証", CLASS_INSURANCE }, { "記号番号", CLASS_INSURANCE },
	{ "保険", CLASS_INSURANCE },
	{ "PATIENT NAME", CLASS_NAME }, { "PATIENT'S NAME", CLASS_NAME },
	{ "PATIENT ID", CLASS_PATIENT_ID }, { "PATIENTID", CLASS_PATIENT_ID },
	{ "PATIENTNAME", CLASS_NAME }, { "PATIENT", CLASS_NAME },
	{ "PAT. NAME", CLASS_NAME }, { "PAT ID", CLASS_PATIENT_ID },
	{ "PT NAME", CLASS_NAME }, { "PT ID", CLASS_PATIENT_ID },
	{ "FULL NAME", CLASS_NAME }, { "LAST NAME", CLASS_NAME },
	{ "FIRST NAME", CLASS_NAME }, { "SURNAME", CLASS_NAME },
	{ "NAME", CLASS_NAME },
	{ "MRN", CLASS_PATIENT_ID }, { "CHART NO", CLASS_PATIENT_ID },
	{ "RECORD NO", CLASS_PATIENT_ID }, { "HOSP NO", CLASS_PATIENT_ID },
	{ "NHS", CLASS_INSURANCE }, { "SSN", CLASS_INSURANCE },
	{ "INSURANCE", CLASS_INSURANCE }, { "POLICY", CLASS_INSURANCE },
	{ "ID", CLASS_PATIENT_ID },
	{ "DATE OF BIRTH", CLASS_DOB }, { "BIRTH DATE", CLASS_DOB },
	{ "BIRTHDATE", CLASS_DOB }, { "BIRTHDAY", CLASS_DOB },
	{ "BORN", CLASS_DOB }, { "DOB", CLASS_DOB }, { "BD", CLASS_DOB },
	{ "STUDY DATE", CLASS_DATE }, { "EXAM DATE", CLASS_DATE },
	{ "DATE", CLASS_DATE }, { "TIME", CLASS_TIME },
	{ "AGE", CLASS_AGE_SEX }, { "SEX", CLASS_AGE_SEX },
	{ "GENDER", CLASS_AGE_SEX },
	{ "ACCESSION NUMBER", CLASS_ACCESSION },
	{ "ACCESSION", CLASS_ACCESSION }, { "ACC NO", CLASS_ACCESSION },
	{ "ACC#", CLASS_ACCESSION }, { "ACC", CLASS_ACCESSION },
	{ "ORDER NO", CLASS_ACCESSION }, { "STUDY ID", CLASS_ACCESSION },
	{ "CASE NO", CLASS_ACCESSION }, { "CASE", CLASS_ACCESSION },
	{ "REFERRING PHYSICIAN", CLASS_PHYSICIAN },
	{ "REFERRING", CLASS_PHYSICIAN }, { "REF. PHYS", CLASS_PHYSICIAN },
	{ "REF PHYS", CLASS_PHYSICIAN }, { "REF. DR", CLASS_PHYSICIAN },
	{ "PHYSICIAN", CLASS_PHYSICIAN }, { "DOCTOR", CLASS_PHYSICIAN },
	{ "OPERATOR", CLASS_PHYSICIAN }, { "SONOGRAPHER", CLASS_PHYSICIAN },
	{ "TECHNOLOGIST", CLASS_PHYSICIAN }, { "PERFORMED BY", CLASS_PHYSICIAN },
	{ "DR.", CLASS_PHYSICIAN },
	{ "HOSPITAL", CLASS_INSTITUTION }, { "INSTITUTION", CLASS_INSTITUTION },
	{ "FACILITY", CLASS_INSTITUTION }, { "ADDRESS", CLASS_ADDRESS },
	{ "PHONE", CLASS_PHONE }, { "TEL", CLASS_PHONE },
	{ "FAX", CLASS_PHONE }, { "E-MAIL", CLASS_OTHER },
	{ "EMAIL", CLASS_OTHER },
};

/* Latin words are whole words; at_end ones end the text or a word. */
static const struct telling_word {
	const char *word;
	enum box_class class_;
	const char *why;
	bool at_end;
} telling_words[] = {
	{ "病院", CLASS_INSTITUTION, "word:institution", false },
	{ "医院", CLASS_INSTITUTION, "word:institution", false },
	{ "クリニック", CLASS_INSTITUTION, "word:institution", false },
	{ "診療所", CLASS_INSTITUTION, "word:institution", false },
	{ "医療センター", CLASS_INSTITUTION, "word:institution", false },
	{ "センター", CLASS_INSTITUTION, "word:institution", false },
	{ "医療", CLASS_INSTITUTION, "word:institution", false },
	{ "大学", CLASS_INSTITUTION, "word:institution", false },
	{ "医大", CLASS_INSTITUTION, "word:institution", false },
	{ "医学部", CLASS_INSTITUTION, "word:institution", false },
	{ "医師会", CLASS_INSTITUTION, "word:institution", false },
	{ "研究所", CLASS_INSTITUTION, "word:institution", false },
	{ "外科", CLASS_INSTITUTION, "word:institution", true },
	{ "内科", CLASS_INSTITUTION, "word:institution", true },
	{ "HOSPITAL", CLASS_INSTITUTION, "word:institution", false },
	{ "HOSP", CLASS_INSTITUTION, "word:institution", false },
	{ "CLINIC", CLASS_INSTITUTION, "word:institution", false },
	{ "CENTER", CLASS_INSTITUTION, "word:institution", false },
	{ "CENTRE", CLASS_INSTITUTION, "word:institution", false },
	{ "UNIVERSITY", CLASS_INSTITUTION, "word:institution", false },
	{ "UNIV", CLASS_INSTITUTION, "word:institution", false },
	{ "INSTITUTE", CLASS_INSTITUTION, "word:institution", false },
	{ "MEDICAL", CLASS_INSTITUTION, "word:institution", false },
	{ "HEALTH", CLASS_INSTITUTION, "word:institution", false },
	{ "RADIOLOGY", CLASS_INSTITUTION, "word:institution", false },
	{ "KLINIK", CLASS_INSTITUTION, "word:institution", false },
	{ "HOPITAL", CLASS_INSTITUTION, "word:institution", false },
	{ "様", CLASS_NAME, "word:honorific", true },
	{ "殿", CLASS_NAME, "word:honorific", true },
	{ "先生", CLASS_PHYSICIAN, "word:honorific", true },
	{ "医師", CLASS_PHYSICIAN, "word:honorific", true },
	{ "MR.", CLASS_NAME, "word:honorific", false },
	{ "MRS.", CLASS_NAME, "word:honorific", false },
	{ "MS.", CLASS_NAME, "word:honorific", false },
	{ "DR", CLASS_PHYSICIAN, "word:honorific", false },
	{ "PROF", CLASS_PHYSICIAN, "word:honorific", false },
	{ "MD", CLASS_PHYSICIAN, "word:honorific", true },
	{ "M.D.", CLASS_PHYSICIAN, "word:honorific", true },
	{ "丁目", CLASS_ADDRESS, "word:address", false },
	{ "番地", CLASS_ADDRESS, "word:address", false },
	{ "番号", CLASS_OTHER, "word:number", true },
	{ "都", CLASS_ADDRESS, "word:address", true },
	{ "県", CLASS_ADDRESS, "word:address", true },
	{ "STREET", CLASS_ADDRESS, "word:address", false },
	{ "AVENUE", CLASS_ADDRESS, "word:address", false },
	{ "WWW", CLASS_OTHER, "word:net", false },
	{ "@", CLASS_OTHER, "word:net", false },
};

static const char *const units[] = {
	"MM", "CM", "M", "UM", "NM", "MM2", "CM2", "MM3", "CM3", "ML", "L",
	"CC", "KV", "KVP", "MA", "MAS", "UA", "S", "SEC", "MS", "MSEC", "US",
	"MIN", "HZ", "KHZ", "MHZ", "DB", "HU", "T", "MT", "TESLA", "GY", "MGY",
	"CGY", "UGY", "MGYCM", "GYCM2", "DGYCM2", "CGYCM2", "UGYM2", "MSV", "SV",
	"MBQ", "BQ", "KBQ", "MCI", "W", "MW", "KW", "CM/S", "M/S", "BPM",
	"FPS", "FR", "KG", "G", "MG", "UG", "MMHG", "DEG", "PX", "PIXELS", "X",
	"%", "KEV", "CNTS", "KCTS", "MM/S", "MGY-CM", "COUNTS", "V",
};

static const char *const marks[] = {
	"L", "R", "A", "P", "H", "F", "S", "I", "LT", "RT", "LEFT", "RIGHT",
	"AP", "PA", "LAT", "LL", "RL", "LR", "AL", "AR", "PL", "PR", "LA",
	"RA", "LP", "RP", "HF", "SI", "IS", "RPO", "LPO", "RAO", "LAO", "CC",
	"MLO", "RCC", "LCC", "RMLO", "LMLO", "ERECT", "SUPINE", "PRONE",
	"UPRIGHT", "PORTABLE", "HFS", "FFS", "HFP", "FFP", "AX", "SAG", "COR",
	"ANT", "POST", "SUP", "INF", "HEAD", "FEET", "FOOT",
	"左", "右", "左右", "両側", "頭", "足", "前", "後", "上", "下", "正面",
	"側面", "斜位", "立位", "臥位", "仰臥位", "腹臥位", "左側", "右側",
};

static const char *const technical[] = {
	/* windows, geometry and acquisition */
	"WW", "WL", "WC", "W", "C", "WINDOW", "LEVEL", "WIDTH", "CENTER",
	"ZOOM", "MAG", "FOV", "DFOV", "SFOV", "MATRIX", "THK", "THICKNESS",
	"SLICE", "SL", "SP", "SPACING", "GAP", "POS", "POSITION", "LOC",
	"LOCATION", "TABLE", "TILT", "GANTRY", "ANGLE", "PITCH", "ROT",
	"ROTATION", "SCAN", "SCOUT", "TOPOGRAM", "LOCALIZER", "SURVEY",
	"HELICAL", "AXIAL", "SAGITTAL", "CORONAL", "OBLIQUE", "SERIES", "SE",
	"SER", "IMAGE", "IMAGES", "IM", "IMG", "IMA", "FRAME", "FRAMES", "OF",
	"STUDY", "EX", "PAGE", "TOTAL", "KV", "KVP", "MA", "MAS", "EXP",
	"EXPOSURE", "DOSE", "DLP", "CTDI", "CTDIVOL", "DAP", "EI", "DI", "SID",
	"SOD", "FILTER", "KERNEL", "ALGORITHM", "STD", "STANDARD", "SOFT",
	"BONE", "LUNG", "BRAIN", "ABDOMEN", "CHEST", "HEAD", "NECK", "PELVIS",
	"SPINE", "THORAX", "KNEE", "HIP", "SHOULDER", "HAND", "LIVER",
	"KIDNEY", "HEART", "CARDIAC", "THYROID", "BREAST", "SKULL",
	"CONTRAST", "PLAIN", "PRE", "DELAYED", "ARTERIAL", "VENOUS", "PORTAL",
	"PHASE", "IV", "NONE", "ON", "OFF", "AUTO", "MANUAL", "YES", "NO",
	"MIN", "MAX", "MEAN", "SD", "AVG", "ROI", "AREA", "DIST", "LENGTH",
	"VOL", "VOLUME", "UNITS", "SCALE", "REV", "RECON", "DET", "COLL",
	/* MR */
	"TR", "TE", "TI", "FA", "FLIP", "ETL", "NEX", "NSA", "BW", "TSE", "FSE",
	"SE", "GRE", "EPI", "FLAIR", "STIR", "DWI", "ADC", "T1", "T2", "PD",
	"T1W", "T2W", "FS", "FATSAT", "COIL", "ECHO", "TA", "ACQ", "SNR",
	/* ultrasound */
	"MI", "TIS", "TIB", "TIC", "TI", "GN", "GAIN", "DR", "FR", "DEPTH",
	"FREQ", "FRQ", "PRF", "WF", "SV", "THI", "CF", "CFM", "PW", "CW", "2D",
	"3D", "4D", "M", "B", "MODE", "COLOR", "COLOUR", "POWER", "PWR", "MAP",
	"PERSIST", "GENERAL", "VELOCITY", "VEL", "PI", "RI", "PSV", "EDV",
	"HR", "LV", "RV", "LVOT", "EF", "IVS", "PG", "VTI", "DIA", "SYS",
	"LVIDD", "LVIDS", "OB", "GYN", "ABD", "VASC", "PROBE", "PRESET", "SAVE",
	"FREEZE", "LOW", "HIGH", "MED", "HARMONIC", "PEN", "RES", "GEN", "DYN",
	"RANGE", "FOCUS", "P", "G", "D", "F", "AO", "CA", "PT", "XV",
	/* nuclear medicine, endoscopy */
	"PET", "CT", "MR", "MRI", "US", "CR", "DX", "NM", "XA", "RF", "MG",
	"SPECT", "SUV", "SUVMAX", "COUNTS", "ISOTOPE", "TC99M", "FDG", "NBI",
	"WLI", "EXP.", "CVP", "PHYSICAL", "EH", "CE", "GR", "ENH",
	/* documents */
	"REPORT", "SUMMARY", "RESULT", "RESULTS", "PROTOCOL", "TYPE", "MODALITY",
	"DESCRIPTION", "LOSSY", "LOSSLESS", "JPEG", "COMPRESSED", "COMPRESSION",
	"RATIO", "FINDINGS", "IMPRESSION", "NORMAL", "PHANTOM", "TEST",
	/* 日本語 */
	"位置", "スライス", "スライス厚", "厚", "厚さ", "撮影", "撮影条件",
	"条件", "管電圧", "管電流", "線量", "単純", "造影", "造影剤", "動脈相",
	"門脈相", "静脈相", "平衡相", "遅延相", "早期相", "後期相", "胸部",
	"腹部", "頭部", "頚部", "頸部", "骨盤", "骨盤部", "腰椎", "胸椎", "頚椎",
	"膝", "肩", "手", "足部", "心臓", "肝臓", "腎臓", "膵臓", "脾臓", "胆嚢",
	"甲状腺", "乳腺", "乳房", "脳", "肺", "肺野", "縦隔", "骨", "軟部",
	"検査", "画像", "深さ", "深度", "周波数", "ゲイン", "倍率", "拡大",
	"縮小", "息止め", "可", "不可", "なし", "あり", "有", "無", "部位",
	"方向", "枚", "枚目", "秒", "分", "回", "回目", "食道", "胃", "十二指腸",
	"大腸", "直腸", "結腸", "盲腸", "観察", "白色光", "通常", "通常光",
	"染色", "標本", "対物", "表示", "設定", "一般", "モード", "体位",
	"呼吸", "吸気", "呼気", "再構成", "関数", "フィルタ", "合計", "平均",
	"最大", "最小", "面積", "距離", "体積", "検査種別", "種別", "実効線量",
	"回転", "時間", "単位", "スケール", "アレルギー", "造影剤アレルギー",
};

static bool is_in(const struct letters *w, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (letters_equal(w, list[i]))
			return true;
	return false;
}

static bool is_latin_word(const char *word)
{
	return (unsigned char)word[0] < 0x80;
}

static bool word_starts(const struct letters *t, int at)
{
	return at <= 0 || !(letter_is_latin(t->c[at - 1]) ||
			    letter_is_digit(t->c[at - 1]));
}

static bool word_ends(const struct letters *t, int at)
{
	return at >= t->n || !(letter_is_latin(t->c[at]) ||
			       letter_is_digit(t->c[at]));
}

/* ---- labels ---- */

static bool is_colon(uint32_t c)
{
	return c == ':' || c == ';' || c == '=';
}

/* Where the colon and blanks after a label end. */
static int after_label(const struct letters *t, int at, bool *colon)
{
	*colon = false;
	for (; at < t->n; at++) {
		if (is_colon(t->c[at]))
			*colon = true;
		else if (t->c[at] != ' ' && t->c[at] != '.' && t->c[at] != '#')
			break;
	}
	return at;
}

/* Does word stand at `at`, one letter of four or more misread?  Its end. */
static int word_at(const struct letters *t, int at, const char *word)
{
	struct letters w, part;
	int misread;

	letters_decode(&w, word);
	if (letters_start_with(t, at, word))
		return at + w.n;
	part = letters_part(t, at, at + w.n);
	if (w.n < 4 || part.n < w.n)
		return -1;
	misread = 0;
	for (int i = 0; i < w.n; i++)
		misread += w.c[i] != part.c[i];
	return misread == 1 ? at + w.n : -1;
}

static bool label_at(const struct letters *t, int at, struct label *label)
{
	int best = 0;

	for (size_t i = 0; i < COUNT(label_words); i++) {
		const char *word = label_words[i].word;
		bool latin = is_latin_word(word), colon;
		int end = word_at(t, at, word), after;

		if (end < 0 || (latin && !(word_starts(t, at) &&
					   word_ends(t, end))))
			continue;
		after = after_label(t, end, &colon);
		if (end - at <= best || !(colon || at == 0))
			continue;
		best = end - at;
		*label = (struct label){ word, label_words[i].class_, at,
					 after };
	}
	return best;
}

bool words_label(const struct letters *text, struct label *label)
{
	for (int at = 0; at < text->n; at++)
		if (label_at(text, at, label))
			return true;
	return false;
}

/* ---- telling words ---- */

static bool tells(const struct letters *t, const struct telling_word *w)
{
	struct letters word;
	int at = -1;

	letters_decode(&word, w->word);
	while ((at = letters_find(t, w->word, at + 1)) >= 0) {
		int end = at + word.n;

		if (is_latin_word(w->word) &&
		    !(word_starts(t, at) && word_ends(t, end)))
			continue;
		if (w->at_end && end < t->n && letter_is_word(t->c[end]))
			continue;
		if (w->at_end && at == 0)
			continue;
		return true;
	}
	return false;
}

bool words_telling(const struct letters *text, enum box_class *class_,
		   const char **why)
{
	for (size_t i = 0; i < COUNT(telling_words); i++) {
		if (!tells(text, &telling_words[i]))
			continue;
		*class_ = telling_words[i].class_;
		*why = telling_words[i].why;
		return true;
	}
	return false;
}

/* ---- benign words ---- */

static bool is_number_part(const struct letters *t, int at)
{
	uint32_t c = t->c[at];

	return letter_is_digit(c) || letter_is_latin(c) || c == '.' ||
	       c == '%' || ((c == '-' || c == '+') &&
			    (at == 0 || !letter_is_digit(t->c[at - 1])));
}

/* The next word from *at; empty at the end. */
static struct letters next_word(const struct letters *t, int *at)
{
	struct letters w;
	int start;

	while (*at < t->n && !letter_is_word(t->c[*at]) &&
	       !is_number_part(t, *at))
		++*at;
	start = *at;
	if (start < t->n && letter_is_japanese(t->c[start]))
		while (*at < t->n && letter_is_japanese(t->c[*at]))
			++*at;
	else
		while (*at < t->n && is_number_part(t, *at))
			++*at;
	w = letters_part(t, start, *at);
	while (w.n && w.c[w.n - 1] == '.')
		w.n--;
	return w;
}

/* Length of a number of at most five digits at the start; 0 if none. */
static int short_number(const struct letters *w)
{
	int i = 0, digits = 0;

	if (w->n && (w->c[0] == '-' || w->c[0] == '+'))
		i++;
	for (; i < w->n && (letter_is_digit(w->c[i]) || w->c[i] == '.'); i++)
		digits += letter_is_digit(w->c[i]);
	return digits && digits <= 5 ? i : 0;
}

enum benign { BENIGN_NOT, BENIGN_NUMBER, BENIGN_WORD, BENIGN_MARK, BENIGN_UNIT,
	      BENIGNS };
static const char *const benign_why[BENIGNS] = {
	[BENIGN_NUMBER] = "benign:number", [BENIGN_WORD] = "benign:word",
	[BENIGN_MARK] = "benign:mark", [BENIGN_UNIT] = "benign:unit",
};

static enum benign benign_word(const struct letters *w)
{
	int digits = short_number(w);
	struct letters rest = letters_part(w, digits, w->n);

	if (is_in(w, marks, COUNT(marks)))
		return BENIGN_MARK;
	if (is_in(&rest, units, COUNT(units)))
		return BENIGN_UNIT;
	if (is_in(w, technical, COUNT(technical)))
		return BENIGN_WORD;
	return digits && !rest.n ? BENIGN_NUMBER : BENIGN_NOT;
}

const char *words_benign(const struct letters *text)
{
	enum benign most = BENIGN_NOT;
	int at = 0;

	while (at < text->n) {
		struct letters w = next_word(text, &at);
		enum benign b;

		if (!w.n)
			continue;
		b = benign_word(&w);
		if (b == BENIGN_NOT)
			return NULL;
		if (b > most)
			most = b;
	}
	return benign_why[most];
}

/* words.c - tables of labels, telling words and benign words. */
#include "config.h"

#include "ocr/words.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
	YEARS_FROM = 1900, YEARS_TO = 2100,
	ERA_MOST = 64,                  /* 昭和64年 is the last of the longest */
	SURE_LETTERS = 4,               /* of a word that is no piece of a name */
	PLAIN_LETTERS = 5,              /* of a word that nothing is read as */
	NEAR_KANJI = 3, NEAR_LATIN = 8, /* letters of one misread in one */
	LIKE_LATIN = 3, MOST_DIGITS_OF_VALUE = 5,
	LEAST_SIDE = 64, SIDE_STEP = 8, /* pixels of a matrix */
};

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
	{ "保険", CLASS_INSURANCE }, { "記号", CLASS_INSURANCE },
	{ "枝番", CLASS_INSURANCE }, { "番号", CLASS_OTHER },
	{ "ID番号", CLASS_PATIENT_ID }, { "患者様", CLASS_NAME },
	{ "様名", CLASS_NAME }, { "カナ名", CLASS_KANA },
	{ "続柄", CLASS_OTHER }, { "保護者", CLASS_NAME },
	{ "検査年月日", CLASS_DATE }, { "撮影年月日", CLASS_DATE },
	{ "受診日", CLASS_DATE }, { "来院日", CLASS_DATE },
	{ "入院日", CLASS_DATE }, { "手術日", CLASS_DATE },
	{ "報告日", CLASS_DATE }, { "予約日", CLASS_DATE },
	{ "検査ID", CLASS_ACCESSION }, { "整理番号", CLASS_ACCESSION },
	{ "依頼元", CLASS_INSTITUTION }, { "依頼科", CLASS_INSTITUTION },
	{ "診療科", CLASS_INSTITUTION }, { "病棟", CLASS_INSTITUTION },
	{ "紹介元", CLASS_INSTITUTION }, { "紹介医", CLASS_PHYSICIAN },
	{ "担当者", CLASS_PHYSICIAN }, { "報告医", CLASS_PHYSICIAN },
	{ "執刀医", CLASS_PHYSICIAN }, { "病理医", CLASS_PHYSICIAN },
	{ "診断者", CLASS_PHYSICIAN }, { "緊急連絡先", CLASS_PHONE },
	{ "携帯", CLASS_PHONE }, { "郵便番号", CLASS_ADDRESS },
	{ "PATIENT NAME", CLASS_NAME }, { "PATIENT'S NAME", CLASS_NAME },
	{ "PATIENT ID", CLASS_PATIENT_ID }, { "PATIENTID", CLASS_PATIENT_ID },
	{ "PATIENTNAME", CLASS_NAME }, { "PATIENT", CLASS_NAME },
	{ "PAT. NAME", CLASS_NAME }, { "PAT ID", CLASS_PATIENT_ID },
	{ "PT NAME", CLASS_NAME }, { "PT ID", CLASS_PATIENT_ID },
	{ "FULL NAME", CLASS_NAME }, { "LAST NAME", CLASS_NAME },
	{ "FIRST NAME", CLASS_NAME }, { "SURNAME", CLASS_NAME },
	{ "NAME", CLASS_NAME }, { "GIVEN NAME", CLASS_NAME },
	{ "FAMILY NAME", CLASS_NAME }, { "MIDDLE NAME", CLASS_NAME },
	{ "PT. NAME", CLASS_NAME }, { "PT", CLASS_NAME },
	{ "PAT. ID", CLASS_PATIENT_ID }, { "PT. ID", CLASS_PATIENT_ID },
	{ "MED REC", CLASS_PATIENT_ID }, { "UNIT NO", CLASS_PATIENT_ID },
	{ "ID NO", CLASS_PATIENT_ID }, { "ID#", CLASS_PATIENT_ID },
	{ "MRN", CLASS_PATIENT_ID }, { "CHART NO", CLASS_PATIENT_ID },
	{ "RECORD NO", CLASS_PATIENT_ID }, { "HOSP NO", CLASS_PATIENT_ID },
	{ "NHS", CLASS_INSURANCE }, { "SSN", CLASS_INSURANCE },
	{ "INSURANCE", CLASS_INSURANCE }, { "POLICY", CLASS_INSURANCE },
	{ "ID", CLASS_PATIENT_ID },
	{ "DATE OF BIRTH", CLASS_DOB }, { "BIRTH DATE", CLASS_DOB },
	{ "BIRTHDATE", CLASS_DOB }, { "BIRTHDAY", CLASS_DOB },
	{ "BORN", CLASS_DOB }, { "DOB", CLASS_DOB }, { "BD", CLASS_DOB },
	{ "STUDY DATE", CLASS_DATE }, { "EXAM DATE", CLASS_DATE },
	{ "EXAM. DATE", CLASS_DATE }, { "SCAN DATE", CLASS_DATE },
	{ "ACQ DATE", CLASS_DATE }, { "REPORT DATE", CLASS_DATE },
	{ "D.O.B", CLASS_DOB },
	{ "DATE", CLASS_DATE }, { "TIME", CLASS_TIME },
	{ "AGE", CLASS_AGE_SEX }, { "SEX", CLASS_AGE_SEX },
	{ "GENDER", CLASS_AGE_SEX },
	{ "ACCESSION NUMBER", CLASS_ACCESSION },
	{ "ACCESSION", CLASS_ACCESSION }, { "ACC NO", CLASS_ACCESSION },
	{ "ACC#", CLASS_ACCESSION }, { "ACC", CLASS_ACCESSION },
	{ "ORDER NO", CLASS_ACCESSION }, { "STUDY ID", CLASS_ACCESSION },
	{ "ACCESSION NO", CLASS_ACCESSION }, { "EXAM NO", CLASS_ACCESSION },
	{ "EXAM ID", CLASS_ACCESSION }, { "EX", CLASS_ACCESSION },
	{ "EXAM", CLASS_ACCESSION }, { "SPECIMEN", CLASS_ACCESSION },
	{ "CASE NO", CLASS_ACCESSION }, { "CASE", CLASS_ACCESSION },
	{ "REFERRING PHYSICIAN", CLASS_PHYSICIAN },
	{ "REFERRING", CLASS_PHYSICIAN }, { "REF. PHYS", CLASS_PHYSICIAN },
	{ "REF PHYS", CLASS_PHYSICIAN }, { "REF. DR", CLASS_PHYSICIAN },
	{ "PHYSICIAN", CLASS_PHYSICIAN }, { "DOCTOR", CLASS_PHYSICIAN },
	{ "OPERATOR", CLASS_PHYSICIAN }, { "SONOGRAPHER", CLASS_PHYSICIAN },
	{ "TECHNOLOGIST", CLASS_PHYSICIAN }, { "TECH", CLASS_PHYSICIAN },
	{ "RADIOLOGIST", CLASS_PHYSICIAN }, { "ATTENDING", CLASS_PHYSICIAN },
	{ "SURGEON", CLASS_PHYSICIAN }, { "READ BY", CLASS_PHYSICIAN },
	{ "REQ. PHYS", CLASS_PHYSICIAN }, { "SIGNED BY", CLASS_PHYSICIAN },
	{ "PERFORMED BY", CLASS_PHYSICIAN },
	{ "DR.", CLASS_PHYSICIAN },
	{ "HOSPITAL", CLASS_INSTITUTION }, { "INSTITUTION", CLASS_INSTITUTION },
	{ "FACILITY", CLASS_INSTITUTION }, { "ADDRESS", CLASS_ADDRESS },
	{ "WARD", CLASS_INSTITUTION }, { "DEPARTMENT", CLASS_INSTITUTION },
	{ "DEPT", CLASS_INSTITUTION }, { "ROOM", CLASS_INSTITUTION },
	{ "MOBILE", CLASS_PHONE }, { "CONTACT", CLASS_PHONE },
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
	{ "赤十字", CLASS_INSTITUTION, "word:institution", false },
	{ "済生会", CLASS_INSTITUTION, "word:institution", false },
	{ "健診", CLASS_INSTITUTION, "word:institution", false },
	{ "検診", CLASS_INSTITUTION, "word:institution", false },
	{ "保健所", CLASS_INSTITUTION, "word:institution", false },
	{ "療養所", CLASS_INSTITUTION, "word:institution", false },
	{ "薬局", CLASS_INSTITUTION, "word:institution", false },
	{ "財団", CLASS_INSTITUTION, "word:institution", false },
	{ "社団", CLASS_INSTITUTION, "word:institution", false },
	{ "医療センター", CLASS_INSTITUTION, "word:institution", false },
	{ "センター", CLASS_INSTITUTION, "word:institution", false },
	{ "医療", CLASS_INSTITUTION, "word:institution", false },
	{ "大学", CLASS_INSTITUTION, "word:institution", false },
	{ "医大", CLASS_INSTITUTION, "word:institution", false },
	{ "医学部", CLASS_INSTITUTION, "word:institution", false },
	{ "医師会", CLASS_INSTITUTION, "word:institution", false },
	{ "研究所", CLASS_INSTITUTION, "word:institution", false },
	{ "外科", CLASS_INSTITUTION, "word:institution", true },
	{ "小児科", CLASS_INSTITUTION, "word:institution", true },
	{ "放射線科", CLASS_INSTITUTION, "word:institution", true },
	{ "皮膚科", CLASS_INSTITUTION, "word:institution", true },
	{ "眼科", CLASS_INSTITUTION, "word:institution", true },
	{ "産婦人科", CLASS_INSTITUTION, "word:institution", true },
	{ "歯科", CLASS_INSTITUTION, "word:institution", true },
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
	{ "HEALTHCARE", CLASS_INSTITUTION, "word:institution", false },
	{ "INFIRMARY", CLASS_INSTITUTION, "word:institution", false },
	{ "CLINICS", CLASS_INSTITUTION, "word:institution", false },
	{ "FOUNDATION", CLASS_INSTITUTION, "word:institution", false },
	{ "KRANKENHAUS", CLASS_INSTITUTION, "word:institution", false },
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
	{ "番地", CLASS_ADDRESS, "word:address", false },
	{ "丁目", CLASS_ADDRESS, "word:address", false },
	{ "区", CLASS_ADDRESS, "word:address", true },
	{ "府", CLASS_ADDRESS, "word:address", true },
	{ "番号", CLASS_OTHER, "word:number", true },
	{ "都", CLASS_ADDRESS, "word:address", true },
	{ "県", CLASS_ADDRESS, "word:address", true },
	{ "STREET", CLASS_ADDRESS, "word:address", false },
	{ "AVENUE", CLASS_ADDRESS, "word:address", false },
	{ "PARKWAY", CLASS_ADDRESS, "word:address", false },
	{ "BLVD", CLASS_ADDRESS, "word:address", false },
	{ "ROAD", CLASS_ADDRESS, "word:address", false },
	{ "WWW", CLASS_OTHER, "word:net", false },
	{ "@", CLASS_OTHER, "word:net", false },
};

/*
 * Units; no bare M, W, D or Y, which count months, weeks, days and years of
 * an age (VR AS, PS3.5 6.2).
 */
static const char *const units[] = {
	"MM", "CM", "UM", "NM", "MM2", "CM2", "MM3", "CM3", "ML", "L", "CC",
	"KV", "KVP", "MA", "MAS", "UA", "S", "SEC", "MS", "MSEC", "US", "MIN",
	/* no MT: 24歳 is read as 24imt */
	"HZ", "KHZ", "MHZ", "DB", "HU", "T", "TESLA", "MGY",
	"CGY", "UGY", "MGYCM", "GYCM2", "DGYCM2", "CGYCM2", "UGYM2", "MSV",
	"SV", "MBQ", "BQ", "KBQ", "MCI", "MW", "KW", "CM/S", "M/S", "BPM",
	"FPS", "FR", "KG", "G", "MG", "UG", "MMHG", "DEG", "PX", "PIXELS",
	"X", "%", "KEV", "CNTS", "KCTS", "MGY-CM", "COUNTS", "UGYCM2",
	"MGYM2", "KHU", "MHU", "BEATS", "CM/SEC", "ML/MIN", "ML/S", "MG/ML",
	"MM/S", "MM/SEC", "MGI/ML", "MJ/CM2", "UM/PX", "MPP",
};

static const char *const marks[] = {
	"L", "R", "A", "P", "H", "F", "S", "I", "LT", "RT", "LEFT", "RIGHT",
	"AP", "PA", "LAT", "LL", "RL", "LR", "AL", "AR", "PL", "PR", "LA",
	"RA", "LP", "RP", "HF", "FH", "SI", "IS", "LPI", "RAS", "LPS", "RPO",
	"LPO", "RAO", "LAO", "CRA", "CAU", "CC", "MLO", "ML", "LM", "RCC",
	"LCC", "RMLO", "LMLO", "ERECT", "SUPINE", "PRONE", "UPRIGHT",
	"DECUBITUS", "PORTABLE", "MOBILE", "HFS", "FFS", "HFP", "FFP", "AX",
	"SAG", "COR", "TRA", "ANT", "POST", "SUP", "INF", "HEAD", "FEET",
	"FOOT", "LATERAL", "MEDIAL", "ANTERIOR", "POSTERIOR", "SUPERIOR",
	"INFERIOR",
	"左", "右", "左右", "両側", "正面", "側面", "斜位", "立位",
	"臥位", "座位", "仰臥位", "腹臥位", "側臥位", "左側", "右側", "前後",
	"上下", "頭側", "足側", "腹側", "背側",
};

static const char *const technical[] = {
	/* windows, geometry and acquisition */
	"WW", "WL", "WC", "W", "C", "WINDOW", "LEVEL", "WIDTH", "CENTER",
	"ZOOM", "MAG", "FOV", "DFOV", "SFOV", "MATRIX", "THK", "THICKNESS",
	"SLICE", "SL", "SP", "SPACING", "GAP", "POS", "POSITION", "LOC",
	"LOCATION", "TABLE", "TILT", "GANTRY", "ANGLE", "PITCH", "ROT",
	"ROTATION", "SCAN", "SCOUT", "TOPOGRAM", "LOCALIZER", "SURVEY",
	"HELICAL", "SPIRAL", "AXIAL", "SAGITTAL", "CORONAL", "OBLIQUE",
	"SERIES", "SE", "SER", "IMAGE", "IMAGES", "IM", "IMG", "IMA", "FRAME",
	"FRAMES", "OF", "PAGE", "TOTAL", "EXP", "EXPOSURE", "DOSE", "DLP",
	"CTDI", "CTDIVOL", "DAP", "EI", "DI", "TEI", "SID", "SOD", "FDD",
	"FFD", "SDD", "FILTER", "KERNEL", "ALGORITHM", "STD", "STANDARD",
	"SOFT", "TISSUE", "BONE", "LUNG", "BRAIN", "ABDOMEN", "CHEST", "HEAD",
	"NECK", "PELVIS", "SPINE", "THORAX", "KNEE", "HIP", "SHOULDER", "HAND",
	"WRIST", "ELBOW", "ANKLE", "FEMUR", "TIBIA", "CERVICAL", "THORACIC",
	"LUMBAR", "SINUS", "ORBIT", "LIVER", "KIDNEY", "SPLEEN", "PANCREAS",
	"BLADDER", "PROSTATE", "UTERUS", "AORTA", "CAROTID", "HEART",
	"CARDIAC", "THYROID", "BREAST", "SKULL", "BODY", "CONTRAST", "PLAIN",
	"PRE", "DELAYED", "ARTERIAL", "VENOUS", "PORTAL", "PHASE", "IV",
	"NONE", "ON", "OFF", "AUTO", "MANUAL", "YES", "MIN", "MAX",
	"MEAN", "SD", "AVG", "ROI", "AREA", "DIST", "LENGTH", "VOL", "VOLUME",
	"UNITS", "SCALE", "REV", "RECON", "DET", "COLL", "MIP", "MPR", "VR",
	"TH", "SW", "ST", "INC", "CM", "MM", "KV", "MA", "MAS", "KVP",
	"BEAM", "GRID", "AEC", "DR", "FPD", "FLUORO", "CINE", "ACQUISITION",
	"RECONSTRUCTION", "INTERVAL", "ITERATIVE", "INVERT", "COLLIMATION",
	"RESPIRATION", "INSPIRATION", "EXPIRATION", "BREATH", "HOLD", "AIR",
	/* MR */
	"TR", "TE", "TI", "FA", "FLIP", "ETL", "NEX", "NSA", "BW", "TSE",
	"FSE", "GRE", "SPGR", "EPI", "FLAIR", "STIR", "DWI", "ADC", "MRA",
	"MRCP", "TOF", "SWI", "ASL", "T1", "T2", "PD", "T1W", "T2W", "T1WI",
	"T2WI", "PDW", "FS", "FATSAT", "FAT", "SAT", "COIL", "ECHO", "TA",
	"ACQ", "SNR", "CH", "DIFFUSION", "WEIGHTED", "LOCALISER",
	/* ultrasound */
	"MI", "TIS", "TIB", "TIC", "GN", "GAIN", "FR", "DEPTH", "FREQ", "FRQ",
	"FREQUENCY", "PRF", "WF", "SV", "THI", "CF", "CFM", "PW", "CW", "2D",
	"3D", "4D", "M", "B", "MODE", "COLOR", "COLOUR", "POWER", "DOPPLER",
	"PWR", "MAP", "PERSIST", "PERSISTENCE", "GENERAL", "VELOCITY", "VEL",
	"PI", "RI", "PSV", "EDV", "HR", "LV", "RV", "LVOT", "EF", "IVS", "PG",
	"VTI", "DIA", "SYS", "LVIDD", "LVIDS", "GYN", "ABD", "VASC",
	"PROBE", "PRESET", "SAVE", "FREEZE", "LOW", "HIGH", "MED", "HARMONIC",
	"HARMONICS", "PEN", "RES", "GEN", "DYN", "RANGE", "DYNAMIC", "FOCUS",
	"P", "G", "D", "F", "AO", "CA", "XV", "BPD", "FL", "AC", "HC", "CRL",
	"EFW", "AFI", "OUTPUT", "ACOUSTIC", "BASELINE", "WALL", "STEER",
	"COMPOUND", "TDI", "IDX", "PMR", "FPS", "SCV", "CONVEX", "LINEAR", "SECTOR",
	/* nuclear medicine, endoscopy, slides */
	"PET", "CT", "MR", "MRI", "US", "CR", "DX", "NM", "XA", "RF", "MG",
	"SPECT", "SUV", "SUVMAX", "SUVMEAN", "COUNTS", "ISOTOPE", "TC99M",
	"F18", "FDG", "NBI", "WLI", "BLI", "LCI", "CVP", "PHYSICAL", "EH",
	"CE", "GR", "ENH", "HE", "PAS", "EVG", "STAIN", "OBJECTIVE",
	/* documents */
	"REPORT", "SUMMARY", "RESULT", "RESULTS", "PROTOCOL", "TYPE",
	"MODALITY", "DESCRIPTION", "LOSSY", "LOSSLESS", "JPEG", "COMPRESSED",
	"COMPRESSION", "RATIO", "FINDINGS", "IMPRESSION", "NORMAL", "PHANTOM",
	"WITH", "WITHOUT", "AND", "POSTPROCESSING", "NOT", "FOR", "DIAGNOSIS",
	"DIAGNOSTIC", "USE", "RIGHT", "SIDE", "VIEW", "EXAM", "SEMI", "LYMPH",
	"NODE", "NODES", "TENDON", "MUSCLE", "NERVE", "VEIN", "ARTERY",
	"FEMORAL", "EPICARDIAC", "ENDOCAVITY", "TRANSDUCER", "THRESHOLD",
	"SENSITIVITY", "OPACITY", "SHARPNESS", "BRIGHTNESS", "SMOOTHING",
	/* body parts and views (PS3.16 CID 4, 4010 and 4028), parameters */
	"ADULT", "PEDIATRIC", "PAEDIATRIC", "NEONATE", "INFANT", "ET", "ESP",
	"VPS", "TURBO", "SPIN", "GRADIENT", "INVERSION", "RECOVERY",
	"PERFUSION", "NATIVE", "ENHANCED", "UNENHANCED", "EXCRETORY",
	"NEPHROGRAPHIC", "MEDIASTINUM", "MEDIASTINAL", "ABDOMINAL",
	"VENTRICLE", "ATRIUM", "VALVE", "MITRAL", "TRICUSPID", "AORTIC",
	"PULMONARY", "APICAL", "PARASTERNAL", "SUBCOSTAL", "TRANSVERSE",
	"LONGITUDINAL", "AXIS", "CHAMBER", "GALLBLADDER", "OVARY", "RENAL",
	"HEPATIC", "SPLENIC", "JUGULAR", "VERTEBRAL", "POPLITEAL", "PATELLA",
	"CALCANEUS", "CLAVICLE", "SCAPULA", "HUMERUS", "RADIUS", "ULNA",
	"FIBULA", "SACRUM", "COCCYX", "RIBS", "STERNUM", "MANDIBLE",
	"MAXILLA", "NASAL", "TEMPORAL", "PITUITARY", "EXTREMITY", "UPPER",
	"LOWER", "WHOLE", "BILATERAL", "UNILATERAL", "STANDING", "SITTING",
	"FLEXION", "EXTENSION", "TANGENTIAL", "OCCLUSAL", "PANORAMIC",
	"CEPHALOMETRIC", "TOMOSYNTHESIS", "TOMO", "SPOT", "MAGNIFICATION",
	"IMPLANT", "DETECTOR", "TUBE", "VOLTAGE", "CURRENT", "ENTRANCE",
	"KERMA", "REFERENCE", "SYSTOLIC", "DIASTOLIC", "RATE", "INDEX",
	"EJECTION", "FRACTION", "DENSITY", "PLANAR", "PROJECTION", "MAXIMUM",
	"MINIMUM", "INTENSITY", "SUBTRACTION", "SMOOTH", "DETAIL", "NOISE",
	"REDUCTION", "GRAYSCALE", "INVERTED", "CALIBRATION", "CALIBRATED",
	"ESTIMATED", "MEASURED", "DISPLAY", "FORCE", "Z",
	/* more of them, and of how volumes are shown */
	"HELIX", "FISP", "MPRAGE", "TRUFI", "SSFSE", "GRAPPA", "SUVBW",
	"SLICES", "ECHOES", "REPETITION", "EXPOSURES", "DECUB", "SEATED",
	"RECUMBENT", "INTERNAL", "EXTERNAL", "ROTATED", "NEUTRAL",
	"WEIGHTBEARING", "VALGUS", "VARUS", "SKYLINE", "LORDOTIC",
	"AXILLARY", "SCAPHOID", "CARPAL", "TARSAL", "CRANIAL", "CAUDAL",
	"CECUM", "RECTUM", "STOMACH", "ESOPHAGUS", "DUODENUM", "APPENDIX",
	"URETER", "URETHRA", "TESTIS", "SCROTUM", "OVARIES", "ENDOMETRIUM",
	"FETAL", "FETUS", "PLACENTA", "AMNIOTIC", "CERVIX", "UMBILICAL",
	"BICEPS", "TRICEPS", "MENISCUS", "LIGAMENT", "CARTILAGE",
	"INTRACRANIAL", "CRANIUM", "CEREBELLUM", "BRAINSTEM", "VENTRICLES",
	"VENTRICULAR", "CORONARY", "ILIAC", "SUBCLAVIAN", "BRACHIAL",
	"CELIAC", "MESENTERIC", "SUPERFICIAL", "PROXIMAL", "DISTAL", "ULNAR",
	"DORSAL", "PLANTAR", "VENTRAL", "CRANIOCAUDAL", "MEDIOLATERAL",
	"POSTEROANTERIOR", "ANTEROPOSTERIOR", "VASCULAR", "MUSCULOSKELETAL",
	"TRANSCRANIAL", "PULSED", "CONTINUOUS", "SPECTRAL", "VOLUMES",
	"CORRECTION", "SWEEP", "CALIPER", "CALIPERS", "MEASUREMENT",
	"MEASUREMENTS", "CIRCUMFERENCE", "DIAMETER", "ELLIPSE", "ANNOTATION",
	"WASHOUT", "UPTAKE", "RESTING", "STRESS", "GATED", "EMISSION",
	"TRANSMISSION", "ATTENUATION", "CORRECTED", "UNCORRECTED", "FUSED",
	"FUSION", "SURFACE", "SHADED", "RENDERING", "RENDERED", "CURVED",
	"RAYSUM", "SUBTRACTED", "ROADMAP",
	/* 日本語 */
	"位置", "スライス", "スライス厚", "厚さ", "撮影", "撮影条件", "条件",
	"管電圧", "管電流", "線量", "単純", "造影", "造影剤", "動脈相", "門脈相",
	"静脈相", "平衡相", "遅延相", "早期相", "後期相", "胸部", "腹部", "頭部",
	"頚部", "頸部", "骨盤", "骨盤部", "腰椎", "胸椎", "頚椎", "頸椎", "足部",
	"膝関節", "股関節", "肩関節", "肘関節", "手関節", "足関節", "心臓",
	"肝臓", "腎臓", "膵臓", "脾臓", "胆嚢", "膀胱", "前立腺", "子宮", "卵巣",
	"甲状腺", "乳腺", "乳房", "肺野", "縦隔", "軟部", "検査", "画像", "深さ",
	"深度", "周波数", "ゲイン", "倍率", "拡大", "縮小", "息止め", "なし",
	"あり", "部位", "方向", "枚目", "回目", "食道", "十二指腸", "大腸",
	"直腸", "結腸", "盲腸", "観察", "白色光", "通常", "通常光", "染色",
	"標本", "対物", "表示", "設定", "一般", "モード", "体位", "呼吸", "吸気",
	"呼気", "再構成", "関数", "フィルタ", "合計", "平均", "最大", "最小",
	"面積", "距離", "体積", "検査種別", "種別", "実効線量", "回転", "時間",
	"単位", "スケール", "アレルギー", "造影剤アレルギー",
	"依頼票", "生検", "胃生検", "右葉", "左葉", "上葉", "中葉", "下葉", "肝右葉",
	"肝左葉", "全身", "全脳", "体幹部", "上腹部", "下腹部", "ウィンドウ",
	"ウインドウ", "レベル", "視野", "視野角", "曝射", "照射", "露出",
	"焦点", "感度", "指数", "圧縮", "可逆", "非可逆", "反転", "枚数",
	"寝台", "ピッチ", "間隔", "カラー", "ドプラ", "流速", "血流", "心拍数",
	"心拍", "血圧", "長径", "短径", "長軸", "短軸", "横断", "矢状断",
	"冠状断", "軸位断", "横断像", "矢状断像", "冠状断像", "強調像",
	"強調画像", "拡散", "水平断", "前額断", "小児", "新生児", "副鼻腔",
	"眼窩", "側頭骨", "下肢", "上肢", "大腿", "大腿骨", "下腿", "前腕",
	"上腕", "手指", "足趾", "踵骨", "膝蓋骨", "鎖骨", "肩甲骨", "肋骨",
	"胸骨", "仙骨", "尾骨", "仙腸関節", "顎関節", "頚動脈", "頸動脈",
	"冠動脈", "大動脈", "肺動脈", "肺静脈", "門脈", "下大静脈", "腎動脈",
	"左室", "右室", "左房", "右房", "僧帽弁", "大動脈弁", "三尖弁",
	"心尖部", "胆管", "膵管", "尿管", "尿道", "虫垂", "小腸", "幽門",
	"噴門", "咽頭", "喉頭", "気管支", "椎間板", "脊髄", "脳幹", "小脳",
	"大脳", "下垂体", "眼底", "網膜", "角膜", "荷重位", "屈曲", "伸展",
	"開口", "閉口", "軸位", "接線", "管球", "吸収線量", "入射線量",
	"表面線量", "面積線量", "総線量", "透視", "透視時間", "撮影枚数",
	"拡張期", "収縮期", "駆出率", "圧較差", "石灰化", "脂肪抑制",
	"繰り返し時間", "エコー時間", "反転時間", "加算回数", "スキャン",
	"スキャン時間", "テーブル", "ヘリカル", "解像度", "輝度", "明るさ",
	"コントラスト", "階調", "白黒反転", "左右反転", "上下反転", "骨条件",
	"脳条件",
	"背臥位", "内旋", "外旋", "中間位", "頭先進", "足先進", "吸気時",
	"呼気時", "深吸気", "自由呼吸", "息止め下", "右肺", "左肺", "肺尖",
	"肺門", "全脊椎", "胸腰椎", "腰仙椎", "頸胸椎", "胸鎖関節", "脾静脈",
	"総胆管", "肝内胆管", "腹腔動脈", "上腸間膜動脈", "総頸動脈",
	"内頸動脈", "外頸動脈", "椎骨動脈", "鎖骨下動脈", "大腿動脈",
	"膝窩動脈", "下肢静脈", "脳実質", "肝動脈相", "実質相", "排泄相",
	"腎実質相", "皮髄相", "門脈優位相", "造影前", "造影後", "強調",
	"拡散強調", "投影", "最大値投影", "正面像", "側面像", "斜位像",
	"断層像", "位置決め", "平均値", "最大値", "最小値", "標準偏差",
	"電圧", "電流", "体厚", "乳房厚", "圧迫圧", "圧迫厚", "拡大率",
	"焦点サイズ", "大焦点", "小焦点", "照射野", "散乱線", "グリッド",
	"線量指標", "入射表面線量", "フレーム", "フレームレート",
	"ダイナミックレンジ", "スカウト", "スキャノ", "マトリックス",
	"マトリクス", "パルスドプラ", "連続波", "エコー", "心エコー",
	"音響出力", "中心周波数", "拍動係数", "抵抗係数", "心電図",
	"心電図同期", "ウィンドウ幅", "ウインドウ幅", "視野サイズ",
};

/* One kanji, known after a side or before a number only: 右膝, 厚 5mm. */
static const char *const single[] = {
	"膝", "肩", "手", "足", "頭", "肘", "脳", "肺", "骨", "胃", "肝", "腎", "眼",
	"耳", "厚", "枚", "秒", "分", "回", "前", "後", "上", "下", "可", "有",
	"無", "像", "部", "径", "幅",
};

/*
 * Words that are names as well: they are harmless beside other words only.
 * Units too: a lone Ma is a person.
 */
static const char *const also_names[] = {
	"HEAD", "PAGE", "LOW", "HIGH", "POWER", "ANGLE", "GAIN", "PEN", "LUNG", "HAND",
	"HART", "HEART", "MIN", "MAX", "MA", "MAS", "MAY", "MEAN", "GAP",
	"FOCUS", "GENERAL", "CA", "AO", "RI", "PI", "SI", "AL", "DI", "EI",
	"LA", "RA", "AN", "HE", "SE", "TE", "TA", "TI", "MI", "US", "MG",
	"KV", "IS", "CH", "HO", "LL", "RES", "GEN", "MED", "BODY", "WALL",
	"BEAM", "SAVE", "TOMO", "PLAIN", "NORMAL", "STANDARD", "PRE", "AIR",
	"HOLD", "USE", "FOR", "WITH", "COR", "TRA", "CC", "INF",
	"POST", "ST", "TH", "GEN", "FL", "BONE", "BRAIN", "NECK", "LOWER", "FORCE",
	"CHAMBER", "FRAME", "SIDE", "NATIVE", "MOBILE", "PORTAL", "HIP", "SCALE",
	"EVG", "PAS", "RAS", "CONVEX", "BASELINE", "VEL", "M", "F", "HR",
	"OB", "MM", "ML", "MS", "MR",
};

/* Words after which a number is a value, be it like a year. */
static const char *const measured[] = {
	"W", "L", "C", "WW", "WL", "WC", "WINDOW", "LEVEL", "WIDTH", "CENTER",
	"TR", "TE", "TI", "DLP", "DAP", "SID", "SOD", "FDD", "FFD", "EI",
	"MA", "MAS", "PRF", "BW", "MATRIX", "COUNTS", "SUV", "TEI", "SDD",
	"ウィンドウ", "レベル", "ウインドウ", "ウィンドウ幅", "ウインドウ幅",
};

/* Japanese words behind which a bare number is a value, and no age or piece of
 * a time. */
static const char *const valued[] = {
	"ウィンドウ", "ウインドウ", "ウィンドウ幅", "ウインドウ幅", "レベル",
	"位置", "スライス", "スライス厚", "厚さ", "枚数", "枚目", "回目",
	"撮影枚数", "倍率", "拡大率", "視野", "視野角", "視野サイズ", "ゲイン",
	"感度", "フィルタ", "画像", "フレーム", "フレームレート", "深さ",
	"深度", "周波数", "中心周波数", "加算回数", "心拍数", "心拍", "指数",
	"線量指標", "線量", "面積線量", "総線量", "焦点", "焦点サイズ", "ピッチ",
	"平均", "最大", "最小", "合計", "平均値", "最大値", "最小値",
	"標準偏差", "スケール", "間隔", "面積", "距離", "体積", "長径", "短径",
	"流速", "駆出率", "圧較差", "拍動係数", "抵抗係数", "解像度", "輝度",
	"階調", "コントラスト", "明るさ", "ダイナミックレンジ", "管電圧",
	"管電流", "電圧", "電流", "繰り返し時間", "エコー時間", "反転時間",
	"マトリックス", "マトリクス", "音響出力", "圧縮",
};

/* Latin ones, units aside. */
static const char *const valued_latin[] = {
	"ZOOM", "MAG", "FOV", "DFOV", "SFOV", "THK", "THICKNESS", "SP",
	"SPACING", "GAP", "POS", "POSITION", "LOC", "LOCATION", "TABLE",
	"TILT", "GANTRY", "ANGLE", "PITCH", "ROT", "ROTATION", "SLICES",
	"OF", "TOTAL", "EXP", "EXPOSURE", "EXPOSURES", "DOSE", "CTDI",
	"CTDIVOL", "DI", "FILTER", "KERNEL", "INC", "MEAN", "SD", "AVG",
	"MIN", "MAX", "ROI", "AREA", "DIST", "LENGTH", "VOL", "VOLUME",
	"VOLUMES", "SCALE", "INTERVAL", "TH", "SW", "ST", "DR", "GRID",
	"COLLIMATION", "COLL", "DET", "REV", "FA", "FLIP", "ETL", "ET", "ESP",
	"VPS", "NEX", "NSA", "COIL", "ECHO", "ECHOES", "TA", "ACQ", "SNR",
	"CH", "TURBO", "MI", "TIS", "TIB", "TIC", "GN", "GAIN", "DEPTH",
	"FREQ", "FRQ", "FREQUENCY", "WF", "SV", "CF", "PW", "CW", "POWER",
	"PWR", "MAP", "PERSIST", "PERSISTENCE", "VELOCITY", "VEL", "PI", "RI",
	"PSV", "EDV", "HR", "EF", "IVS", "PG", "VTI", "DIA", "SYS", "LVIDD",
	"LVIDS", "PEN", "RES", "GEN", "DYN", "RANGE", "FOCUS", "XV", "BPD",
	"FL", "AC", "HC", "CRL", "EFW", "AFI", "OUTPUT", "BASELINE", "IDX",
	"PMR", "SCV", "SUVMAX", "SUVMEAN", "SUVBW", "CE", "EH", "ENH", "GR",
	"RATIO", "COMPRESSION", "COMP", "FORCE", "THRESHOLD", "SENSITIVITY",
	"OPACITY", "SHARPNESS", "BRIGHTNESS", "CONTRAST", "SMOOTHING", "RATE",
	"INDEX", "DENSITY", "INTENSITY", "NOISE", "MAGNIFICATION", "VOLTAGE",
	"CURRENT", "REDUCTION", "FRACTION", "DIAMETER", "CIRCUMFERENCE",
	"WASHOUT", "UPTAKE", "STEER", "OBJECTIVE", "LV", "RV", "LVOT", "AO",
	"P", "G", "D", "Z", "F", "M",
};

/* Words before which a number counts them: 4 CHAMBER. */
static const char *const counted_words[] = {
	"OF", "X", "CHAMBER", "PHASE", "SLICES", "FRAMES", "IMAGES", "ECHOES",
	"VOLUMES", "EXPOSURES", "AXIS",
};

/* Set in capitals and small letters, units aside. */
static const char *const mixed[] = {
	"TIS", "TIB", "TIC", "CTDIVOL", "SUVMAX", "SUVMEAN", "SUVBW", "LVIDD",
	"LVIDS", "DFOV", "SFOV", "FOV", "FATSAT",
};

/*
 * Texts known as a whole, in capitals and without spaces and signs: what forms
 * and screens print that is no row of single words.  From eight letters on
 * one in eight may be misread.
 */
static const char *const phrases[] = {
	"CONTNO", "CONTYES", "MSCSKEL", "LYMPHNODE", "LYMPHNODES",
	"DOSEREPORT", "DOSESUMMARY", "RADIATIONDOSEREPORT", "CTDIVOLMGY",
	"DLPMGYCM", "99MTCMDP", "99MTCHMDP", "99MTCMIBI", "18FFDG",
	"NOTFORDIAGNOSIS", "NOTFORDIAGNOSTICUSE", "NOTFORCLINICALUSE",
	"FORRESEARCHUSEONLY", "LOSSYCOMPRESSED", "SEMIUPRIGHT",
	"放射線検査依頼票", "検査依頼票", "検査結果報告書",
	"画像診断報告書", "診療情報提供書", "線量報告書", "被曝線量",
	"被ばく線量", "ご来院の際は必ずお持ちください",
	"ご来院の際は必ずご持参ください", "診断には使用できません",
	"息止め可", "造影剤アレルギーなし",
	"T1SE", "T2SE", "T1FSE", "T2FSE", "T1TSE", "T2TSE", "PDFSE", "PDTSE",
};

/* The same, spaces and signs included: a mark of orientation, with contrast
 * medium and without. */
static const char *const lone[] = {
	"V", "+C", "-C",
	/* of a scale of flow; m/s may be two initials */
	"CM/S", "MM/S", "ML/MIN", "MG/ML",
};

/* Words that count pictures: 3/12 beside them is no day of a month. */
static const char *const counting[] = {
	"IM", "IMG", "IMA", "IMAGE", "IMAGES", "SE", "SER", "SERIES", "SL",
	"SLICE", "FRAME", "FRAMES", "FR", "PAGE", "SCAN", "PHASE", "枚目",
	"枚数", "画像", "スライス", "CINE",
};

/*
 * Of the words that are names as well, those that stand alone in pictures:
 * harmless where the patient is named, and otherwise.
 */
static const char *const shown_alone[] = {
	"LUNG", "COR", "BODY", "HEART", "PORTAL", "CONVEX",
	"SCALE", "BONE", "CC",
};

/* Words before a number of newtons. */
static const char *const forces[] = { "COMPRESSION", "COMP", "FORCE", "圧迫圧" };

/* Units that end no name when digits before them are read as letters. */
static const char *const sure_units[] = {
	"KV", "KVP", "MGY", "MHZ", "KHZ", "MBQ",
};
static const char *const frequencies[] = { "HZ", "KHZ", "MHZ" };

static bool is_in(const struct letters *w, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (letters_equal(w, list[i]))
			return true;
	return false;
}

/* ---- words of the user ---- */

void words_user_done(struct words_user *u)
{
	free(u->word);
	*u = (struct words_user){ 0 };
}

bool words_user_take(struct words_user *u, const struct vocabulary *v,
		     struct error *err)
{
	for (size_t i = 0; i < v->count; i++) {
		struct user_word *word;
		struct letters read;

		if (!mem_grow(&u->word, &u->capacity, u->count,
			      sizeof(*u->word)))
			return error_set(err, ERR_MEMORY,
					 _("no memory for words"));
		word = &u->word[u->count];
		letters_read(&read, v->entry[i].word);
		letters_compact(&read, &word->letters);
		word->identifier = v->entry[i].identifier;
		/* signs alone are no word */
		u->count += word->letters.n > 0;
	}
	return true;
}

bool words_user_says(const struct words_user *user, const struct letters *w,
		     bool identifier)
{
	for (size_t i = 0; user && i < user->count; i++)
		if (user->word[i].identifier == identifier &&
		    letters_same(&user->word[i].letters, w))
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

/* Where a Japanese word ends that is set with spaces: 氏 名; -1. */
static int spaced_at(const struct letters *t, int at, const struct letters *w)
{
	for (int i = 0; i < w->n; i++) {
		while (i && at < t->n && t->c[at] == ' ')
			at++;
		if (at >= t->n || t->c[at++] != w->c[i])
			return -1;
	}
	return at;
}

/* Does word stand at `at`, one letter of four or more misread?  Its end. */
static int word_at(const struct letters *t, int at, const char *word)
{
	struct letters w, part;
	int misread;

	letters_decode(&w, word);
	if (!is_latin_word(word) && (misread = spaced_at(t, at, &w)) >= 0)
		return misread;
	if (letters_start_with(t, at, word))
		return at + w.n;
	part = letters_part(t, at, at + w.n);
	if (w.n < 4 || part.n < w.n)
		return -1;
	misread = 0;
	for (int i = 0; i < w.n; i++)
		misread += w.c[i] != part.c[i];
	/* ZOOM is no misread ROOM */
	return misread == 1 && !is_in(&part, technical, COUNT(technical)) ?
		       at + w.n : -1;
}

/*
 * May a word in Japanese stand there?  All labels begin with two letters beyond
 * ASCII, of which one at most is misread.
 */
static bool may_be_dense(const struct letters *t, int at)
{
	return t->c[at] >= 0x80 || (at + 1 < t->n && t->c[at + 1] >= 0x80);
}

static bool label_at(const struct letters *t, int at, struct label *label)
{
	int best = 0;
	bool starts = word_starts(t, at), dense = may_be_dense(t, at);

	for (size_t i = 0; i < COUNT(label_words); i++) {
		const char *word = label_words[i].word;
		bool latin = is_latin_word(word), colon;
		int end, after;

		if (latin ? !starts : !dense)
			continue;
		end = word_at(t, at, word);
		if (end < 0 || (latin && !word_ends(t, end)))
			continue;
		after = after_label(t, end, &colon);
		if (end - at <= best || !(colon || at == 0))
			continue;
		best = end - at;
		*label = (struct label){ word, label_words[i].class_, at,
					 after, colon };
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

/* CENTER 40, DR 60: a value, not a place. */
static bool number_follows(const struct letters *t, int at)
{
	while (at < t->n && (t->c[at] == ' ' || is_colon(t->c[at])))
		at++;
	return at < t->n && (letter_is_digit(t->c[at]) || t->c[at] == '-');
}

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
		if (is_latin_word(w->word) && number_follows(t, end))
			continue;
		return true;
	}
	return false;
}

bool words_telling(const struct letters *text, enum box_class *class_,
		   const char **why)
{
	struct letters closed;

	letters_close(text, &closed);
	for (size_t i = 0; i < COUNT(telling_words); i++) {
		if (!tells(&closed, &telling_words[i]))
			continue;
		*class_ = telling_words[i].class_;
		*why = telling_words[i].why;
		return true;
	}
	return false;
}

/* ---- benign words ---- */

static bool is_one_of(uint32_t c, const char *ascii)
{
	return c && c < 0x80 && strchr(ascii, (int)c);
}

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
	/* and what an edge behind it was read as: FLAIR- */
	while (w.n && (w.c[w.n - 1] == '.' ||
		       (is_one_of(w.c[w.n - 1], "-+") && w.n > 3 &&
			letter_is_latin(w.c[w.n - 2]))))
		w.n--;
	/* what an edge before a word was read as: -WW, or alone */
	if (w.n && is_one_of(w.c[0], "-+") &&
	    (w.n == 1 || letter_is_latin(w.c[1])))
		w = letters_part(&w, 1, w.n);
	return w;
}

/*
 * Length of a number at the start, 0 if there is none: at most four digits
 * before the point and three after it.  What is longer may count patients.
 */
static int short_number(const struct letters *w)
{
	int i = 0, digits = 0, decimals = 0;
	bool point = false;

	if (w->n && (w->c[0] == '-' || w->c[0] == '+'))
		i++;
	for (; i < w->n && (letter_is_digit(w->c[i]) || w->c[i] == '.'); i++) {
		if (w->c[i] != '.') {
			digits += !point;
			decimals += point;
		} else if (point) {
			return 0;
		}
		point = point || w->c[i] == '.';
	}
	return digits + decimals && digits <= 4 && decimals <= 3 ? i : 0;
}

/* The number before its point; -1 if it has none, or too many digits. */
static int whole_number(const struct letters *w)
{
	int i = w->n && (w->c[0] == '-' || w->c[0] == '+'), v = 0, n = 0;

	for (; i < w->n && letter_is_digit(w->c[i]); i++, n++)
		v = n < 5 ? v * 10 + (int)(w->c[i] - '0') : v;
	return n && n < 5 ? v : -1;
}

enum benign { BENIGN_NOT, BENIGN_NUMBER, BENIGN_WORD, BENIGN_MARK, BENIGN_UNIT,
	      BENIGNS };
static const char *const benign_why[BENIGNS] = {
	[BENIGN_NUMBER] = "benign:number", [BENIGN_WORD] = "benign:word",
	[BENIGN_MARK] = "benign:mark", [BENIGN_UNIT] = "benign:unit",
};

static bool is_side(const struct letters *w)
{
	return w->n == 1 && (letters_equal(w, "左") || letters_equal(w, "右") ||
			     letters_equal(w, "両"));
}

/* Does it end in a kanji that no given name ends in? */
static bool ends_in_no_name(const struct letters *w)
{
	static const char last[] = "断圧脈弁節腺件剤厚";
	struct letters known;

	letters_decode(&known, last);
	for (int i = 0; i < known.n; i++)
		if (w->c[w->n - 1] == known.c[i])
			return true;
	return false;
}

static bool is_mostly_kana(const struct letters *w)
{
	int kana = 0;

	for (int i = 0; i < w->n; i++)
		kana += letter_is_kana(w->c[i]);
	return 2 * kana > w->n;
}

/*
 * スライス屋, 冠伏断, PORTABUE: a word of four letters, mostly kana, of three
 * that end as no name does, or of eight Latin ones, but for one of them.
 */
static bool is_nearly(const struct letters *w, const char *word)
{
	struct letters known;
	int other = 0;

	if (w->n < NEAR_KANJI || is_latin_word(word) != (w->c[0] < 0x80))
		return false;
	letters_decode(&known, word);
	if (is_latin_word(word))
		return known.n >= NEAR_LATIN &&
		       letters_distance(w, &known) == 1;
	for (int i = 0; i < w->n && known.n == w->n; i++)
		other += w->c[i] != known.c[i];
	if (known.n != w->n || other != 1)
		return false;
	return (w->n > NEAR_KANJI && is_mostly_kana(&known)) ||
	       (w->c[w->n - 1] == known.c[known.n - 1] &&
		ends_in_no_name(&known));
}

static bool is_near(const struct letters *w)
{
	for (size_t i = 0; i < COUNT(technical); i++)
		if (is_nearly(w, technical[i]))
			return true;
	for (size_t i = 0; i < COUNT(marks); i++)
		if (is_nearly(w, marks[i]))
			return true;
	return false;
}

static bool is_technical(const struct letters *w)
{
	return is_in(w, technical, COUNT(technical)) ||
	       is_in(w, marks, COUNT(marks)) || is_near(w);
}

/*
 * A run of Japanese letters that is nothing but known words: 撮影距離, 右膝.
 * Single kanji make names, so they count behind a side only.
 */
static bool is_known_run(const struct letters *w)
{
	bool reached[LETTERS_MAX + 1] = { true };
	struct letters part;
	int from = 0;

	if (w->n < 2 || !letter_is_japanese(w->c[0]))
		return false;
	for (; from < w->n; from++) {
		struct letters before = letters_part(w, from ? from - 1 : 0,
						     from);

		for (int to = from + 1; reached[from] && to <= w->n; to++) {
			part = letters_part(w, from, to);
			if (part.n == 1 ? (from == 0 && w->n > 1 &&
					   is_side(&part)) ||
					  (from == 1 && is_side(&before) &&
					   is_in(&part, single,
						 COUNT(single))) :
					  is_technical(&part))
				reached[to] = true;
		}
	}
	return reached[w->n];
}


/* I-105.2, A12.5; S, R and H before a number may be an era. */
static bool is_slice_position(const struct letters *w)
{
	struct letters rest = letters_part(w, 1, w->n);
	int point = letters_find(&rest, ".", 0);

	/* I976.5 is a year and a month */
	if (w->n < 4 || point < 1 || point + 1 >= rest.n ||
	    short_number(&rest) != rest.n ||
	    (point == 3 && rest.c[0] == '9' && is_one_of(w->c[0], "IL")))
		return false;
	return is_one_of(w->c[0], "ILAP");
}

/* What a text has shown so far. */
struct seen {
	const struct words_known *known;
	struct letters last, before;    /* the word before, and that before */
	int words, numbers;             /* numbers: those without a unit */
	int sexes;                      /* M or F alone */
	int names;                      /* words that may be names */
	bool long_name;                 /* one of three letters, and no unit */
	int longest;                    /* letters of the longest word that is
					   nobody's name; a kanji is two */
	bool point;                     /* a number with a point */
	int loose;                      /* numbers of one or two digits, or a
					   letter like a digit */
	bool sure;                      /* a word that is nobody's name */
	bool near;                      /* one with a letter misread */
	bool side;                      /* a Japanese mark: 右 */
	bool number_first;              /* begins with one that has no unit */
	bool lone_unit;                 /* begins with one and no number */
	bool dense;                     /* a Japanese word */
	bool loose_number;              /* 呼気 845: behind one that has none */
	bool loose_latin;               /* ERECT 45: the same of a Latin one */
	bool counts_word;               /* 4 CHAMBER */
	bool odd_unit;                  /* SE 5 mm */
	bool alone;                     /* a name that stands alone, too */
	bool united;                    /* a number with its unit */
	bool colon;
	bool frequency;                 /* one in Hz */
	bool like_digit;                /* 273G: its unit may be a digit */
	bool short_unit;                /* and is one letter */
	bool long_number;               /* 202.01, as 2021.10.11 may be read */
	bool counted, pair;             /* a counting word; 3/12 or 3 12 */
	enum benign most;
};

/* A year or a number of four digits, or the year of an era: 2019, S 35; what
 * stands before a year may be a piece of it, as in L 2027 for JUL 2022. */
static bool may_be_year(const struct letters *w, const struct letters *before)
{
	int v = whole_number(w);

	if (before->n == 1 && is_one_of(before->c[0], "MTSHR") && v >= 0 &&
	    v <= ERA_MOST)
		return true;
	if (before->n == 1 && v >= YEARS_FROM && v < YEARS_TO)
		return true;
	/* 2002.7 is a year and a month, whatever stands before */
	return v >= 1000 && (!is_in(before, measured, COUNT(measured)) ||
			     letters_find(w, ".", 0) >= 0);
}

static bool is_digit_like(uint32_t c)
{
	return is_one_of(c, "OQDILZSGTB");
}

static bool is_unit(const struct letters *w)
{
	return is_in(w, units, COUNT(units)) ||
	       is_in(w, single, COUNT(single));
}

/* 70KV2.5MAS: numbers with their units and nothing between. */
static bool is_run_of_measures(const struct letters *w)
{
	int at = 0;

	while (at < w->n) {
		struct letters rest = letters_part(w, at, w->n), unit;
		int from = short_number(&rest), to = from;

		while (to < rest.n && letter_is_latin(rest.c[to]))
			to++;
		unit = letters_part(&rest, from, to);
		/* 0G0G6HZ is a number */
		if (!from || !is_unit(&unit) || unit.n < 2)
			return false;
		at += to;
	}
	return true;
}

/*
 * TOKV, 12OMM: a number of two to four digits, one of them or, before a unit
 * that ends no name, all of them read as letters that look like digits
 * (7OMAS may be Tomas), with its unit.  The first word has at most three.
 */
static bool is_misread_measure(const struct letters *w, bool first)
{
	int from = 0, others = 0;

	while (from < w->n && (letter_is_digit(w->c[from]) ||
			       is_digit_like(w->c[from])))
		others += !letter_is_digit(w->c[from++]);
	for (; from > 1; from--) {
		struct letters unit = letters_part(w, from, w->n);
		bool sure = is_in(&unit, sure_units, COUNT(sure_units));

		if (from <= 4 - first && !is_one_of(w->c[0], "0OQD") &&
		    (sure || (others <= 1 && from > 2 && unit.n > 1 &&
			      is_in(&unit, units, COUNT(units)))))
			return true;
		others -= !letter_is_digit(w->c[from - 1]);
	}
	return false;
}

/* 12.395: an hour, minutes and one digit more. */
static bool is_run_of_time(const struct letters *w, int length)
{
	int point = letters_find(w, ".", 0);

	return point == 2 && length == 6 && letter_is_digit(w->c[0]) &&
	       whole_number(w) < 24 && w->c[3] < '6';
}

static enum benign number_kind(const struct letters *w, int length,
			       const struct seen *s)
{
	struct letters rest = letters_part(w, length, w->n);

	/* a number of an identifier may start with zeros; CINE 0118 */
	if (w->n > 1 && w->c[0] == '0' && letter_is_digit(w->c[1]))
		return !rest.n && is_in(&s->last, counting, COUNT(counting)) ?
			       BENIGN_NUMBER : BENIGN_NOT;
	/* 12.395 mm: a time of day and a value */
	if (is_run_of_time(w, length))
		return BENIGN_NOT;
	/* 3059mm may be an identifier that lost its zero */
	if (rest.n && whole_number(w) >= 1000 && (rest.n == 1 || !s->words))
		return BENIGN_NOT;
	/* 54T: S47, the year of an era; 3T and 1.5T are fields; 0g is
	 * 09, H P 3g a name and 39 */
	if (rest.n == 1 && is_digit_like(rest.c[0]) &&
	    letters_find(w, ".", 0) < 0 &&
	    (whole_number(w) == 0 || (s->words && !s->sure) ||
	     (whole_number(w) >= 10 && (!s->words || s->names))))
		return BENIGN_NOT;
	/* newtons, of a breast; elsewhere a number may end so */
	if (letters_equal(&rest, "N") && is_in(&s->last, forces, COUNT(forces)))
		return BENIGN_UNIT;
	if (rest.n)
		return is_unit(&rest) || is_run_of_measures(w) ||
				       is_misread_measure(w, !s->words) ?
			       BENIGN_UNIT : BENIGN_NOT;
	return may_be_year(w, &s->last) ? BENIGN_NOT : BENIGN_NUMBER;
}

static bool is_number(const struct letters *w)
{
	return w->n && short_number(w) == w->n;
}

static enum benign benign_word(const struct letters *w, const struct seen *s)
{
	int digits = short_number(w);

	if (words_user_says(s->known->user, w, false))
		return BENIGN_WORD;
	/* times, behind a number; 66imt X is what 66歳 女 is read as */
	if (s->words && letters_equal(w, "X") && !is_number(&s->last))
		return BENIGN_NOT;
	if (is_in(w, marks, COUNT(marks)))
		return BENIGN_MARK;
	if (is_in(w, units, COUNT(units)))
		return BENIGN_UNIT;
	if (is_in(w, technical, COUNT(technical)))
		return BENIGN_WORD;
	if (digits)
		return number_kind(w, digits, s);
	if (is_misread_measure(w, !s->words))
		return BENIGN_UNIT;
	/* EH A5: how an endoscope enhances edges */
	if (w->n == 2 && letters_equal(&s->last, "EH") &&
	    is_one_of(w->c[0], "AB") && letter_is_digit(w->c[1]))
		return BENIGN_WORD;
	if (is_slice_position(w) || is_known_run(w) || is_near(w))
		return BENIGN_WORD;
	/* 厚 5mm */
	return s->words == 0 && is_in(w, single, COUNT(single)) ?
		       BENIGN_NUMBER : BENIGN_NOT;
}

/* '22 B 6 is a day like '22 8 6. */
static bool is_loose(const struct letters *w)
{
	return (w->n == 1 && is_digit_like(w->c[0])) ||
	       (w->n <= 2 && is_number(w));
}

/* T2 is what 72 is read as. */
static bool may_be_digits(const struct letters *w)
{
	int i = 0;

	while (i < w->n && (letter_is_digit(w->c[i]) ||
			    is_digit_like(w->c[i])))
		i++;
	return i == w->n;
}

/* The unit of a word that is one, or a number with one. */
static bool is_frequency(const struct letters *w)
{
	struct letters unit = letters_part(w, short_number(w), w->n);

	return is_in(&unit, frequencies, COUNT(frequencies));
}

/* 呼気 845, 胸部 58: a number behind a Japanese word that has none. */
static bool is_loose_number(const struct letters *w,
			    const struct letters *before)
{
	return before->n && letter_is_japanese(before->c[0]) && is_number(w) &&
	       !is_in(before, valued, COUNT(valued));
}

/* Words behind which a number has no unit: SE 5 mm. */
static const char *const unitless[] = {
	"SE", "SER", "SERIES", "IM", "IMG", "IMA", "IMAGE", "IMAGES", "PAGE",
};

/* 3% */
static bool is_percent(const struct letters *w)
{
	return w->n > 1 && w->c[w->n - 1] == '%' &&
	       short_number(w) == w->n - 1;
}

/* ERECT 45, 28Hz 414. */
static bool is_loose_latin(const struct words_known *known,
			   const struct letters *w,
			   const struct letters *before)
{
	bool point = letters_find(w, ".", 0) > 0;

	return (is_number(w) || is_percent(w)) && before->n &&
	       before->c[0] < 0x80 &&
	       !is_number(before) && !words_valued(before) &&
	       !words_unit(before) &&
	       !words_user_says(known->user, before, false) &&
	       /* I 105.2 */
	       !(point && before->n == 1 && is_one_of(before->c[0], "ILAPSRH"));
}

/* A unit; behind a number it is its unit, and the number is loose no more. */
static void see_unit(struct seen *s, const struct letters *w)
{
	bool after_number = is_number(&s->last);

	s->odd_unit = s->odd_unit ||
		      is_in(&s->last, unitless, COUNT(unitless));
	if (!after_number && !short_number(w))
		return;
	s->odd_unit = s->odd_unit ||
		      (after_number &&
		       is_in(&s->before, unitless, COUNT(unitless)));
	s->numbers -= after_number;
	s->loose_number = s->loose_number && !after_number;
	s->loose_latin = s->loose_latin && (!after_number || short_number(w));
	s->united = true;
	s->frequency = s->frequency || is_frequency(w);
	s->like_digit = s->like_digit || is_digit_like(w->c[w->n - 1]);
	s->short_unit = s->short_unit ||
			(is_digit_like(w->c[w->n - 1]) &&
			 (w->n == 1 || !letter_is_latin(w->c[w->n - 2])));
}

/* Is it a name as well, or does it surely tell something else? */
static void see_name(struct seen *s, const struct letters *w, enum benign b)
{
	if (is_in(w, also_names, COUNT(also_names))) {
		s->names++;
		s->long_name = s->long_name ||
			       (w->n > 2 && !is_in(w, units, COUNT(units)));
	} else if ((b == BENIGN_WORD || b == BENIGN_MARK) &&
		   (w->n > 1 || letter_is_japanese(w->c[0])) &&
		   !may_be_digits(w)) {
		int letters = letter_is_japanese(w->c[0]) ? 2 * w->n : w->n;

		s->sure = true;
		s->longest = letters > s->longest ? letters : s->longest;
	}
}

static bool see_word(struct seen *s, const struct letters *w)
{
	enum benign b = benign_word(w, s);
	bool number = is_number(w), after_number = is_number(&s->last);

	if (b == BENIGN_NOT)
		return false;
	s->pair = s->pair || (after_number && short_number(w));
	if (b == BENIGN_UNIT)
		see_unit(s, w);
	s->dense = s->dense || (w->n > 1 && letter_is_japanese(w->c[0]));
	s->loose_number = s->loose_number || is_loose_number(w, &s->last);
	s->loose_latin = s->loose_latin ||
			 is_loose_latin(s->known, w, &s->last);
	s->counts_word = s->counts_word ||
			 (s->words == 1 && after_number &&
			  is_in(w, counted_words, COUNT(counted_words)));
	s->numbers += number;
	s->loose += is_loose(w);
	s->sexes += letters_equal(w, "M") || letters_equal(w, "F");
	see_name(s, w, b);
	s->near = s->near || (b == BENIGN_WORD &&
			      !is_in(w, technical, COUNT(technical)) &&
			      is_near(w));
	s->number_first = s->number_first || (!s->words && number);
	s->lone_unit = s->lone_unit ||
		       (!s->words && b == BENIGN_UNIT && is_unit(w) &&
			!is_in(w, technical, COUNT(technical)));
	s->side = s->side || (b == BENIGN_MARK && letter_is_japanese(w->c[0]));
	s->alone = is_in(w, shown_alone, COUNT(shown_alone));
	s->point = s->point || (short_number(w) &&
				letters_find(w, ".", 0) >= 0);
	s->long_number = s->long_number ||
			 (number && letters_find(w, ".", 0) > 0 &&
			  w->n - letters_find(w, ".", 0) > 2 &&
			  whole_number(w) >= 10);
	s->counted = s->counted || is_in(w, counting, COUNT(counting));
	s->most = b > s->most ? b : s->most;
	s->before = s->last;
	s->last = *w;
	s->words++;
	return true;
}

/* RT may be R7, a year of an era. */
static bool like_era(const struct letters *w)
{
	return w->n == 2 && is_one_of(w->c[0], "MTSHR") &&
	       is_digit_like(w->c[1]);
}

/* 1G, 1T: a digit and a letter, which anything is read as, but for the usual
 * fields. */
static bool is_scant(const struct letters *w)
{
	return w->n == 2 && letter_is_digit(w->c[0]) &&
	       letter_is_latin(w->c[1]) && !letters_equal(w, "3T") &&
	       !letters_equal(w, "7T") && !letters_equal(w, "2D") &&
	       !letters_equal(w, "3D") && !letters_equal(w, "4D");
}

/* A digit, or what one is read as beside a stroke. */
static bool like_digit(uint32_t c)
{
	return letter_is_digit(c) || is_one_of(c, "OILSZ|");
}

/* 3/12: two numbers of two digits at most with a sign between. */
static bool has_pair(const struct letters *t)
{
	for (int i = 1; i + 1 < t->n; i++) {
		int left = i - 1, right = i + 1;

		if (t->c[i] != '/' && t->c[i] != '-')
			continue;
		while (left >= 0 && like_digit(t->c[left]))
			left--;
		while (right < t->n && like_digit(t->c[right]))
			right++;
		if (left < i - 1 && right > i + 1 && i - left <= 3 &&
		    right - i <= 3 &&
		    (letter_is_digit(t->c[i - 1]) ||
		     letter_is_digit(t->c[i + 1])) &&
		    !(left >= 0 && t->c[left] == '.') &&
		    !(right < t->n && t->c[right] == '.'))
			return true;
	}
	return false;
}

/* Greek to Thai: nothing of them is known, but two that stand in units. */
static bool is_foreign(uint32_t c)
{
	enum { MU = 0x3bc, OHM = 0x3a9 };

	return c >= 0x370 && c < 0x1100 && c != MU && c != OHM;
}

/* S.G. or A.: a letter that is a word, with its point. */
static bool has_initials(const struct letters *t)
{
	for (int i = 0; i + 1 < t->n; i++)
		if (letter_is_latin(t->c[i]) && t->c[i + 1] == '.' &&
		    word_starts(t, i) &&
		    !(i + 2 < t->n && letter_is_digit(t->c[i + 2])))
			return true;
	return false;
}

/* Head, Max and 1,24: how names and days are written; '22 is a year, and S33 of
 * an era is read as $33. */
static bool has_sign_of_names(const struct letters *t)
{
	for (int i = 0; i < t->n; i++)
		if ((t->c[i] == ',' && i && letter_is_word(t->c[i - 1])) ||
		    t->c[i] == '\'' || t->c[i] == '"' || t->c[i] == '&' ||
		    t->c[i] == '$' || t->c[i] == '\\' || t->c[i] == '{' ||
		    t->c[i] == '}' ||
		    t->c[i] == '^' || t->c[i] == '@' || is_foreign(t->c[i]))
			return true;
	return false;
}

/* 4/A/98: three parts with a stroke between, of which one was misread. */
static bool has_three_parts(const struct letters *t)
{
	int strokes = 0;

	for (int i = 1; i + 1 < t->n; i++)
		strokes += (t->c[i] == '/' || t->c[i] == '-') &&
			   letter_is_word(t->c[i - 1]) &&
			   letter_is_word(t->c[i + 1]);
	return strokes > 1;
}

/*
 * M/95 is a sex and an age, also behind what an edge was read as: IM/95; W/12
 * is what M/12 is read as.
 */
static bool has_sex_and_age(const struct letters *t)
{
	for (int i = 1; i + 1 < t->n; i++)
		if (t->c[i] == '/' && letter_is_digit(t->c[i + 1]) &&
		    (t->c[i - 1] == 'M' || t->c[i - 1] == 'F' ||
		     (letter_is_latin(t->c[i - 1]) && word_starts(t, i - 1))))
			return true;
	return false;
}

/*
 * A number alone may be an age, a day, a year of an era, a piece of an
 * identifier.  With a sign or more than a day before its point it is a
 * measure.
 */
static bool is_measure(const struct letters *w)
{
	int point = letters_find(w, ".", 0), v = whole_number(w);

	return point >= 0 && (v < 0 || v > 31 || w->c[0] == '-');
}

/* Max 44, Di mas 28: somebody and how old; MAX: 44 is a value. */
static bool may_be_aged(const struct seen *s)
{
	enum { OLDEST = 130 };
	int age = whole_number(&s->last);

	return is_number(&s->last) && s->numbers == 1 && !s->colon &&
	       s->longest < SURE_LETTERS && !s->united && age >= 0 &&
	       age <= OLDEST &&
	       letters_find(&s->last, ".", 0) < 0 &&
	       (s->names > 1 || s->long_name);
}

static bool is_harmless(const struct seen *s)
{
	if (!s->words)
		return false;
	/* F: 18.0 MHz is what an ultrasound probe sends */
	if (s->sexes && !s->sure && !(s->frequency && s->words <= 3))
		return s->known->sex && s->words == 1;
	/* Brain 7G: what 76 is read as */
	if (s->names && !s->sure && s->short_unit && !s->point)
		return false;
	/* 7 IV/F is what 71Y/F is read as */
	if ((s->pair && !s->counted) || may_be_aged(s) ||
	    (s->sexes && s->numbers > 0))
		return false;
	/* 0 A 64 is OA 64 */
	if (s->number_first && s->most == BENIGN_MARK && !s->sure)
		return false;
	/* mW before other words is a piece of something else */
	if (s->lone_unit && s->words > 1)
		return false;
	/* 27 吸気, 呼気 845: a smaller text beside it */
	if (s->dense && (s->loose_number ||
			 (s->number_first && !s->counted && !s->united)))
		return false;
	/* PORTABLE 36, 19 ERECT: the rest of another text */
	if (s->loose_latin || s->odd_unit ||
	    (s->number_first && s->words > 1 && !s->counted && !s->united &&
	     !s->counts_word))
		return false;
	/* 右 80 is 右 正 80, somebody and how old, with a letter lost */
	if (s->side && s->numbers > 0)
		return false;
	/* 273G 648 is a number of six digits with a 6 badly seen */
	if (s->like_digit && s->numbers > 0 && !s->sure)
		return false;
	/* numbers beside nothing that says what they count */
	if (s->most == BENIGN_NUMBER)
		return s->words == 1 && is_measure(&s->last);
	if (s->loose == s->words && s->words > 2)
		return false;
	if (s->words == 1 && s->alone && s->known->name)
		return true;
	/* ax Hand: a piece of a first name with a last one */
	if (s->long_name && s->longest < SURE_LETTERS && !s->numbers &&
	    !s->united)
		return false;
	if (s->words == 1 && (like_era(&s->last) || is_scant(&s->last)))
		return false;
	if (s->sure || s->united || s->numbers > 0)
		return true;
	/* Max, Low, Hand L: words that may be names; Hz is H2 as well */
	return s->names == 0 && s->most == BENIGN_MARK;
}

/* A number of pixels from *at on: 256; -1. */
static int matrix_side(const struct letters *t, int *at)
{
	int v = 0, from = *at;

	while (*at < t->n && letter_is_digit(t->c[*at]) && *at - from < 4)
		v = v * 10 + (int)(t->c[(*at)++] - '0');
	return *at > from && t->c[from] != '0' && v >= LEAST_SIDE &&
			       v % SIDE_STEP == 0 ? v : -1;
}

/* 512x512, 640 x 480: rows and columns, and nothing else. */
static bool is_matrix(const struct letters *text)
{
	enum { TIMES = 0xd7 };
	int at = 0;

	if (matrix_side(text, &at) < 0)
		return false;
	while (at < text->n && text->c[at] == ' ')
		at++;
	if (at >= text->n || (text->c[at] != 'X' && text->c[at] != TIMES))
		return false;
	at++;
	while (at < text->n && text->c[at] == ' ')
		at++;
	return matrix_side(text, &at) > 0 && at == text->n;
}

const char *words_phrase(const struct letters *text)
{
	struct letters compact, phrase;

	for (size_t i = 0; i < COUNT(lone); i++)
		if (letters_equal(text, lone[i]))
			return "benign:mark";
	if (is_matrix(text))
		return "benign:phrase";
	letters_compact(text, &compact);
	for (size_t i = 0; i < COUNT(phrases); i++) {
		letters_decode(&phrase, phrases[i]);
		if (letters_distance(&phrase, &compact) <= phrase.n / 8)
			return "benign:phrase";
	}
	return NULL;
}

/* IM 12/96: a word that counts pictures and which of how many. */
static bool is_count(const struct letters *text)
{
	struct letters folded, word;
	int at = 0, first, all;

	letters_fold_digits(text, &folded);
	word = next_word(text, &at);
	if (!is_in(&word, counting, COUNT(counting)))
		return false;
	word = next_word(&folded, &at);
	first = is_number(&word) ? whole_number(&word) : -1;
	if (at >= folded.n || folded.c[at] != '/')
		return false;
	at++;
	word = next_word(&folded, &at);
	all = is_number(&word) ? whole_number(&word) : -1;
	return at == folded.n && first > 0 && all >= first;
}

/* 30. 0cm: a number that came apart. */
static void join_points(const struct letters *text, struct letters *out)
{
	out->n = 0;
	for (int i = 0; i < text->n; i++)
		if (text->c[i] != ' ' || i < 2 || i + 1 >= text->n ||
		    text->c[i - 1] != '.' ||
		    !letter_is_digit(text->c[i - 2]) ||
		    !letter_is_digit(text->c[i + 1]))
			out->c[out->n++] = text->c[i];
}

/* 18,0 MHz: a comma between digits is a point where a unit follows. */
static void read_commas(const struct letters *text, struct letters *out)
{
	join_points(text, out);
	for (int i = 1; i + 1 < out->n; i++) {
		bool inside = out->c[i] == ',' &&
			      letter_is_digit(out->c[i - 1]) &&
			      letter_is_digit(out->c[i + 1]);
		int end = i + 1, digits;

		if (!inside)
			continue;
		while (end < out->n && letter_is_digit(out->c[end]))
			end++;
		digits = end;
		while (end < out->n && out->c[end] == ' ')
			end++;
		if (end < out->n && letter_is_latin(out->c[end]) &&
		    digits - i <= 3)
			out->c[i] = '.';
	}
}

/* Half of the letters of w stand at their places in word. */
static bool shares_half(const struct letters *w, const char *word)
{
	struct letters known;
	int same = 0;

	letters_decode(&known, word);
	for (int i = 0; i < w->n && known.n == w->n; i++)
		same += w->c[i] == known.c[i];
	return known.n == w->n && 2 * same >= w->n;
}

static bool is_like(const struct letters *w, const char *word)
{
	struct letters known;

	if (is_latin_word(word) != (w->c[0] < 0x80))
		return false;
	if (!is_latin_word(word))
		return shares_half(w, word);
	letters_decode(&known, word);
	return known.n >= LIKE_LATIN && abs(known.n - w->n) <= w->n / 3 &&
	       letters_distance(w, &known) <= w->n / 3;
}

static bool is_like_one(const struct letters *w, const char *const *list,
			size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_like(w, list[i]))
			return true;
	return false;
}

/* 5.n, 10ci: a number with a letter or two behind it. */
static bool is_like_value(const struct letters *w)
{
	int digits = 0, i = w->n && is_one_of(w->c[0], "-+");

	for (; i < w->n && (letter_is_digit(w->c[i]) || w->c[i] == '.'); i++)
		digits++;
	return digits && i < w->n && w->n - i <= 3 &&
	       digits <= MOST_DIGITS_OF_VALUE;
}

/* Any part of a run of Japanese letters is like a word. */
static bool has_like_part(const struct letters *w)
{
	for (int from = 0; from + 1 < w->n; from++)
		for (int to = from + 2; to <= w->n && to <= from + 3; to++) {
			struct letters part = letters_part(w, from, to);

			if (is_in(&part, technical, COUNT(technical)) ||
			    is_in(&part, marks, COUNT(marks)))
				return true;
		}
	return is_like_one(w, technical, COUNT(technical)) ||
	       is_like_one(w, marks, COUNT(marks));
}

bool words_nearly(const struct letters *read)
{
	struct letters closed, last = { .n = 0 };
	int at = 0;

	letters_close(read, &closed);
	while (at < closed.n) {
		struct letters w = next_word(&closed, &at);

		if (!w.n)
			continue;
		/* FI 412 */
		if (last.n == 2 && letter_is_latin(last.c[1]) && is_number(&w))
			return true;
		last = w;
		if (letter_is_japanese(w.c[0]) ? w.n > 1 && has_like_part(&w) :
		    is_like_value(&w) || is_in(&w, units, COUNT(units)) ||
		    (w.n >= LIKE_LATIN &&
		     (is_like_one(&w, technical, COUNT(technical)) ||
		      is_like_one(&w, marks, COUNT(marks)))))
			return true;
	}
	return false;
}

/* SL1.8, Thk3.0, Se3: a space between a technical word and a number with a
 * point was lost, or between one that counts, or tells the gain, and a short
 * one. */
static void part_values(const struct letters *text, struct letters *out)
{
	static const char *const close_set[] = { "SE", "IM", "GN" };

	out->n = 0;
	for (int i = 0; i < text->n && out->n + 1 < LETTERS_MAX; i++) {
		int from = i, to = i;

		if (i > 1 && letter_is_digit(text->c[i]) &&
		    letter_is_latin(text->c[i - 1])) {
			struct letters word, number;

			while (from > 0 && is_number_part(text, from - 1))
				from--;
			while (to < text->n && (letter_is_digit(text->c[to]) ||
						text->c[to] == '.'))
				to++;
			word = letters_part(text, from, i);
			number = letters_part(text, i, to);
			if (word.n > 1 && short_number(&number) == number.n &&
			    (letters_find(&number, ".", 0) > 0 ||
			     (number.n < 3 && is_in(&word, close_set,
						    COUNT(close_set)))) &&
			    is_in(&word, technical, COUNT(technical)))
				out->c[out->n++] = ' ';
		}
		out->c[out->n++] = text->c[i];
	}
}

static enum plainness plainness_of(const struct seen *s)
{
	if (s->long_number)
		return PLAIN_NEVER;
	if (s->longest >= PLAIN_LETTERS && !s->near)
		return PLAIN_LONG;
	if (s->longest >= SURE_LETTERS)
		return PLAIN_WORD;
	/* TE: 80 and Im 20; where nobody is named initials and an age */
	return s->united || (s->point && s->words > 1) ||
			       (s->known->name && s->words == 2 &&
				s->numbers == 1 && (s->colon || s->counted)) ?
		       PLAIN_SHORT : PLAIN_NOT;
}

const char *words_benign(const struct letters *read,
			 const struct words_known *known,
			 enum plainness *plain)
{
	struct letters parted, whole, closed, compact;
	const struct letters *text = &whole;
	struct seen s = { .known = known };
	int at = 0;

	part_values(read, &parted);
	read_commas(&parted, &whole);
	s.pair = has_pair(text);
	s.colon = letters_find(text, ":", 0) >= 0;
	*plain = PLAIN_NOT;
	letters_compact(text, &compact);
	if (words_user_says(known->user, &compact, false))
		return "benign:user";
	if (has_sign_of_names(text) || has_sex_and_age(text) ||
	    has_initials(text) || has_three_parts(text))
		return NULL;
	letters_close(text, &closed);
	while (at < closed.n) {
		struct letters w = next_word(&closed, &at);

		if (w.n && !see_word(&s, &w))
			return NULL;
	}
	if (!is_harmless(&s))
		return NULL;
	*plain = plainness_of(&s);
	return is_count(text) ? "benign:count" : benign_why[s.most];
}

bool words_unit(const struct letters *w)
{
	return is_in(w, units, COUNT(units));
}

bool words_valued(const struct letters *w)
{
	return is_in(w, measured, COUNT(measured)) ||
	       is_in(w, counting, COUNT(counting)) ||
	       is_in(w, valued_latin, COUNT(valued_latin));
}

bool words_name_too(const struct letters *w)
{
	return is_in(w, also_names, COUNT(also_names));
}

bool words_set_mixed(const struct letters *w)
{
	return is_in(w, mixed, COUNT(mixed));
}

static void each_of(const char *const *list, size_t n,
		    void (*see)(void *self, const char *word), void *self)
{
	for (size_t i = 0; i < n; i++)
		see(self, list[i]);
}

void words_each(void (*see)(void *self, const char *word), void *self)
{
	each_of(technical, COUNT(technical), see, self);
	each_of(marks, COUNT(marks), see, self);
	each_of(units, COUNT(units), see, self);
}

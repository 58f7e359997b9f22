/*
 * format_dicom.cc - DICOM through DCMTK; the only file that sees it.  DCMTK
 * parses, gives texts and decodes lossless and 12-bit JPEG and JPEG-LS; the
 * checks, the place of the pixels and all other decoding are ours.
 */
#include "config.h"

/* in C a function may bear the name of a struct */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#include "image/format_dicom.h"
#include "image/format.h"
#pragma GCC diagnostic pop

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dctk.h>
#include <dcmtk/dcmdata/dcostrma.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcwcache.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpeg/djencode.h>
#include <dcmtk/dcmjpeg/djrplol.h>
#include <dcmtk/dcmjpls/djdecode.h>
#include <dcmtk/dcmjpls/djencode.h>
#include <dcmtk/dcmjpls/djrparam.h>
#include <dcmtk/oflog/appender.h>
#include <dcmtk/oflog/oflog.h>
#include <dcmtk/oflog/spi/logevent.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

#include "base/charset.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "image/cells.h"
#include "image/format_j2k.h"
#include "image/format_jpeg.h"
#include "image/lut.h"
#include "image/unpack.h"

namespace {

/* ---- transfer syntaxes ---- */

enum codec { NATIVE, NATIVE_GE, DEFLATED, ENCAPSULATED, DEFLATED_FRAME, RLE,
	     JPEG, JPEG_LS, J2K, VIDEO };

struct syntax {
	const char *uid;
	codec coding;
	bool lossy;                     /* always; J2K tells by itself */
	E_TransferSyntax dcmtk;         /* what a native one must parse as */
};

/* PS3.5 section 10 and Annex A, PS3.6 table A-1; retired ones too. */
const syntax syntaxes[] = {
	{ "1.2.840.10008.1.2", NATIVE, false, EXS_LittleEndianImplicit },
	{ "1.2.840.10008.1.2.1", NATIVE, false, EXS_LittleEndianExplicit },
	{ "1.2.840.10008.1.2.2", NATIVE, false, EXS_BigEndianExplicit },
	{ "1.2.840.113619.5.2", NATIVE_GE, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.1.99", DEFLATED, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.1.98", ENCAPSULATED, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.8.1", DEFLATED_FRAME, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.5", RLE, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.50", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.51", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.52", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.53", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.54", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.55", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.56", JPEG, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.57", JPEG, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.70", JPEG, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.80", JPEG_LS, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.81", JPEG_LS, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.90", J2K, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.91", J2K, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.201", J2K, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.202", J2K, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.203", J2K, false, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.100", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.100.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.101", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.101.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.102", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.102.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.103", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.103.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.104", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.104.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.105", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.105.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.106", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.106.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.107", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.4.108", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.7.1", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.7.2", VIDEO, true, EXS_Unknown },
	{ "1.2.840.10008.1.2.7.3", VIDEO, true, EXS_Unknown },
};

const syntax *find_syntax(const char *uid)
{
	for (const syntax &s : syntaxes)
		if (std::strcmp(s.uid, uid) == 0)
			return &s;
	return nullptr;
}

bool is_native(codec coding)
{
	return coding == NATIVE || coding == NATIVE_GE || coding == DEFLATED;
}

/* Cells without picture coding: uncompressed 4:2:2 is possible. */
bool is_raw(codec coding)
{
	return is_native(coding) || coding == ENCAPSULATED ||
	       coding == DEFLATED_FRAME;
}

/* ---- the file as a stream of DCMTK: a descriptor, nothing by name ---- */

/* Bytes of stack a parse may take: half of the usual 8 MiB. */
const uintptr_t STACK_MAX = 4 << 20;

uintptr_t stack_now(void)
{
	return reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
}

class fd_producer : public DcmProducer {
public:
	/* *unread is set where a byte could not be had */
	fd_producer(int fd, offile_off_t size, offile_off_t start,
		    bool *unread)
		: fd_(fd), size_(size), next_(start), unread_(unread)
	{
	}
	/* DCMTK goes one level down for each item and sequence: a file that
	   nests without end must not take all the stack. */
	void limit_stack() { stack_ = stack_now(); }

	OFBool good() const override { return state_.good(); }
	OFCondition status() const override { return state_; }
	OFBool eos() override { return next_ >= size_; }
	offile_off_t avail() override { return size_ - next_; }

	offile_off_t read(void *buffer, offile_off_t length) override
	{
		char *out = static_cast<char *>(buffer);
		offile_off_t done = 0;

		uintptr_t now = stack_now();

		if (stack_ > now && stack_ - now > STACK_MAX)
			state_ = EC_CorruptedData;
		while (done < length && next_ < size_ && state_.good()) {
			if (!fill())
				break;
			offile_off_t in = next_ - ahead_start_;
			offile_off_t n = ahead_length_ - in;

			if (n > length - done)
				n = length - done;
			std::memcpy(out + done, ahead_ + in, size_t(n));
			done += n;
			next_ += n;
		}
		/* DCMTK may hand out what it made room for all the same */
		std::memset(out + done, 0, size_t(length - done));
		return done;
	}

	offile_off_t skip(offile_off_t length) override
	{
		if (length > size_ - next_)
			length = size_ - next_;
		next_ += length;
		return length;
	}

	void putback(offile_off_t count) override
	{
		if (count > next_)
			state_ = EC_PutbackFailed;
		else
			next_ -= count;
	}

private:
	/* Make the byte at next_ stand in ahead_. */
	bool fill()
	{
		ssize_t n;

		if (next_ >= ahead_start_ &&
		    next_ < ahead_start_ + ahead_length_)
			return true;
		do
			n = pread(fd_, ahead_, sizeof(ahead_), next_);
		while (n < 0 && errno == EINTR);
		if (n <= 0) {
			state_ = EC_InvalidStream;
			*unread_ = true;
			return false;
		}
		ahead_start_ = next_;
		ahead_length_ = n;
		return true;
	}

	int fd_;
	offile_off_t size_, next_;
	offile_off_t ahead_start_ = 0, ahead_length_ = 0;
	bool *unread_;
	uintptr_t stack_ = 0;           /* where a parse began; 0: no matter */
	OFCondition state_ = EC_Normal;
	char ahead_[8192];
};

class fd_stream;

/* Where a value lies whose reading was put off. */
class fd_factory : public DcmInputStreamFactory {
public:
	fd_factory(int fd, offile_off_t size, offile_off_t at, bool *unread)
		: start(at), fd_(fd), size_(size), unread_(unread)
	{
	}
	DcmInputStream *create() const override;
	DcmInputStreamFactory *clone() const override
	{
		return new fd_factory(*this);
	}
	DcmInputStreamFactoryType ident() const override
	{
		return DFT_DcmInputFileStreamFactory;
	}

	const offile_off_t start;       /* offset in the file */

private:
	int fd_;
	offile_off_t size_;
	bool *unread_;
};

class fd_stream : public DcmInputStream {
public:
	fd_stream(int fd, offile_off_t size, offile_off_t start, bool *unread)
		: DcmInputStream(&producer_),
		  producer_(fd, size, start, unread), fd_(fd), size_(size),
		  start_(start), unread_(unread)
	{
	}
	void limit_stack() { producer_.limit_stack(); }

	/* DCMTK calls it where the deflated part begins */
	OFCondition installCompressionFilter(E_StreamCompression filter)
		override
	{
		deflated = start_ + tell();
		return DcmInputStream::installCompressionFilter(filter);
	}

	offile_off_t deflated = 0;      /* offset in the file; 0: none */

	/* inside a deflated part an offset would mean nothing */
	DcmInputStreamFactory *newFactory() const override
	{
		if (currentProducer() != &producer_)
			return nullptr;
		return new fd_factory(fd_, size_, start_ + tell(), unread_);
	}

private:
	fd_producer producer_;
	int fd_;
	offile_off_t size_, start_;
	bool *unread_;
};

DcmInputStream *fd_factory::create() const
{
	return new fd_stream(fd_, size_, start, unread_);
}

/* The offset of an element's value in the file; -1: it is in memory. */
long long value_offset(const DcmElement *element)
{
	const fd_factory *factory =
		dynamic_cast<const fd_factory *>(element->getInputStream());

	return factory ? (long long)factory->start : -1;
}

/* ---- log of DCMTK: nothing is printed; some warnings count ---- */

namespace oflog = dcmtk::log4cplus;

const char counter_name[] = "suminuri";

class warning_counter : public oflog::Appender {
public:
	warning_counter() { setName(counter_name); }
	~warning_counter() override { destructorImpl(); }
	void close() override {}
	unsigned long count = 0;        /* of JPEG decoders */
	unsigned long twice = 0;        /* second ones of an element about
					   pixels, which the parse drops */

protected:
	/* libijg's text for a wrong Se of a sequential scan: no sample was
	   guessed (format_jpeg.c has the same in its table) */
	void append(const oflog::spi::InternalLoggingEvent &event) override
	{
		const oflog::tstring &text = event.getMessage();

		if (text.find(" found twice in ") != OFString_npos &&
		    (text.find("(0028,") != OFString_npos ||
		     text.find("(7fe0,") != OFString_npos))
			twice++;
		if (event.getLoggerName().compare(0, 13, "dcmtk.dcmjpeg") != 0)
			return;
		if (text.compare(0, 22, "Invalid SOS parameters") != 0)
			count++;
	}
};

void silence_dcmtk(void)
{
	OFLog::configure(OFLogger::WARN_LOG_LEVEL);

	oflog::Logger root = oflog::Logger::getRoot();

	root.removeAllAppenders();
	root.addAppender(oflog::SharedAppenderPtr(new warning_counter));
}

const warning_counter *find_counter(void)
{
	oflog::SharedAppenderPtr found =
		oflog::Logger::getRoot().getAppender(counter_name);

	return dynamic_cast<const warning_counter *>(found.get());
}

/* Warnings of DCMTK's JPEG decoders so far. */
unsigned long decoder_warnings(void)
{
	const warning_counter *counter = find_counter();

	return counter ? counter->count : 0;
}

/* Elements about pixels that a parse has met a second time so far. */
unsigned long found_twice(void)
{
	const warning_counter *counter = find_counter();

	return counter ? counter->twice : 0;
}

/* ---- numbers of a data set ---- */

DcmTagKey key_of(uint32_t tag)
{
	return DcmTagKey(Uint16(tag >> 16), Uint16(tag & 0xffff));
}

DcmElement *find(DcmItem *item, uint32_t tag)
{
	DcmElement *element = nullptr;

	if (!item || item->findAndGetElement(key_of(tag), element).bad())
		return nullptr;
	return element;
}

/* A number string, whole (IS; spaces around it are padding). */
bool string_int(DcmElement *element, unsigned long i, long long *value)
{
	OFString text;
	char *end;

	if (element->getOFString(text, i).bad() || text.empty() ||
	    text.size() > 12)
		return false;
	errno = 0;
	*value = std::strtoll(text.c_str(), &end, 10);
	if (end == text.c_str())
		return false;
	while (*end == ' ')
		end++;
	return *end == '\0' && errno == 0;
}

/* Value i of an integer of any VR (real files confuse US and SS). */
bool element_int(DcmElement *element, unsigned long i, long long *value)
{
	Uint16 u16;
	Sint16 s16;
	Uint32 u32;
	Sint32 s32;

	if (!element || element->getLength() == 0)
		return false;
	if (element->getVR() == EVR_IS || element->getVR() == EVR_DS)
		return string_int(element, i, value);
	if (element->getUint16(u16, i).good())
		*value = u16;
	else if (element->getSint16(s16, i).good())
		*value = s16;
	else if (element->getUint32(u32, i).good())
		*value = u32;
	else if (element->getSint32(s32, i).good())
		*value = s32;
	else
		return false;
	return true;
}

bool get_int(DcmItem *item, uint32_t tag, long long *value,
	     unsigned long i = 0)
{
	return element_int(find(item, tag), i, value);
}

/* Is it there, and not empty? */
bool is_set(DcmItem *item, uint32_t tag)
{
	DcmElement *element = find(item, tag);

	return element && element->getLength() > 0;
}

bool get_double(DcmItem *item, uint32_t tag, double *value,
		unsigned long i = 0)
{
	DcmElement *element = find(item, tag);
	Float64 number;

	if (!element || element->getLength() == 0 ||
	    element->getFloat64(number, i).bad() || number - number != 0)
		return false;
	*value = number;
	return true;
}

/*
 * A code string or UID; "" when it is absent, or longer than two bytes of
 * length can say (PS3.5 7.1.2): DCMTK would make room for what it says, even
 * where the file ended first.
 */
std::string get_code(DcmItem *item, uint32_t tag, unsigned long i = 0)
{
	DcmElement *element = find(item, tag);
	OFString value;

	if (!element || element->getLengthField() > 0xffff ||
	    element->getOFString(value, i).bad())
		return "";
	size_t end = value.find_last_not_of(std::string(" \0", 2).c_str());

	return end == OFString_npos ? "" : value.substr(0, end + 1).c_str();
}

/* Item i of a sequence; nullptr when there is none. */
DcmItem *item_at(DcmItem *item, uint32_t tag, long i)
{
	DcmItem *found = nullptr;

	if (!item ||
	    item->findAndGetSequenceItem(key_of(tag), found, i).bad())
		return nullptr;
	return found;
}

/*
 * An item of a functional group (PS3.3 C.7.6.16): of all frames, or of the
 * first one.
 */
DcmItem *group_item(DcmItem *data, uint32_t tag)
{
	static const uint32_t holders[] = { 0x52009229, 0x52009230 };

	for (uint32_t holder : holders) {
		DcmItem *found = item_at(item_at(data, holder, 0), tag, 0);

		if (found)
			return found;
	}
	return nullptr;
}

/* The words of a binary element, whatever its VR. */
bool get_words(DcmElement *element, std::vector<uint16_t> *words)
{
	Uint16 *u16 = nullptr;
	Sint16 *s16 = nullptr;
	Uint8 *u8 = nullptr;
	size_t count = element->getLength() / 2;

	words->resize(count);
	if (element->getUint16Array(u16).good() && u16) {
		std::memcpy(words->data(), u16, count * 2);
	} else if (element->getSint16Array(s16).good() && s16) {
		std::memcpy(words->data(), s16, count * 2);
	} else if (element->getUint8Array(u8).good() && u8) {
		for (size_t i = 0; i < count; i++)
			(*words)[i] = uint16_t(u8[2 * i] | u8[2 * i + 1] << 8);
	} else {
		return false;
	}
	return count > 0;
}

/* ---- an opened file ---- */

struct fragment {
	DcmPixelItem *item;
	size_t length;
};

struct dicom {
	bool unread = false;            /* a value that was put off could not be
					   read; outlives file */
	DcmFileFormat file;
	const syntax *coding = nullptr;
	uint32_t pixel_tag = 0;
	DcmElement *pixels = nullptr;   /* native */
	long long deflated = 0;         /* offset of that stream; 0: none */
	DcmPixelItem *table = nullptr;  /* basic offsets */
	std::vector<fragment> fragments;
	std::vector<size_t> first;      /* fragment of each frame; end */
	cell_form form = {};            /* of decoded cells */
	size_t frame_bits = 0;          /* of a native frame */
	int precision = 0;              /* of the first code stream */
	bool decode_rgb = false;        /* plain JPEG: components are RGB */
	bool writable = true;           /* a stream like the first one can be
					   masked */

	DcmDataset *data() { return file.getDataset(); }
};

dicom *state_of(const struct image *image)
{
	return static_cast<dicom *>(image->state);
}

bool refuse_condition(const OFCondition &status, struct error *err)
{
	if (status == EC_MemoryExhausted)
		return error_set(err, ERR_MEMORY, _("no memory for a picture"));
	if (status == EC_EndOfStream || status == EC_InvalidStream ||
	    status == EC_StreamNotifyClient)
		return error_refuse(err, REASON_TRUNCATED, nullptr, 0);
	/* pixels of a known length in a compressed transfer syntax */
	if (status == EC_PixelDataExplLengthIllegal)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	return error_refuse(err, REASON_DAMAGED, nullptr, 0);
}

/* deflated (may be nullptr): where a deflated data set begins, else 0.
 * *unread is set, also later, where a value can't be read. */
bool parse(DcmFileFormat *file, int fd, long long size, Uint32 max_read,
	   long long *deflated, bool *unread, struct error *err)
{
	fd_stream stream(fd, size, 0, unread);
	OFCondition status;

	stream.limit_stack();
	file->transferInit();
	status = file->read(stream, EXS_Unknown, EGL_noChange, max_read);
	file->transferEnd();
	if (deflated)
		*deflated = stream.deflated;
	if (status.bad())
		return refuse_condition(status, err);
	return true;
}

/* ---- which syntax ---- */

/* The row of the UID; refused when we don't know or don't want it. */
bool name_coding(dicom *d, const std::string &uid, struct error *err)
{
	d->coding = find_syntax(uid.c_str());
	if (!d->coding)
		return error_refuse(err, REASON_SYNTAX_UNKNOWN, uid.c_str(),
				    0);
	if (d->coding->coding == VIDEO)
		return error_refuse(err, REASON_VIDEO, uid.c_str(), 0);
	return true;
}

/*
 * Parse the file and settle its transfer syntax.  A syntax that we refuse is
 * named even when DCMTK can't parse what is written in it.
 */
bool find_coding(struct image *image, dicom *d, struct error *err)
{
	unsigned long twice = found_twice();
	bool parsed = parse(&d->file, image->fd, image->size, 0, &d->deflated,
			    &d->unread, err);
	E_TransferSyntax found = d->data()->getOriginalXfer();
	std::string uid = get_code(d->file.getMetaInfo(), 0x00020010);

	if (!parsed) {
		if (!uid.empty())
			name_coding(d, uid, err);
		return false;
	}
	if (uid.empty())        /* no meta header: uncompressed, as parsed */
		uid = DcmXfer(found).getXferID();
	if (!name_coding(d, uid, err))
		return false;
	/* which of two is meant, readers don't agree on */
	if (found_twice() != twice)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	if (d->coding->dcmtk != EXS_Unknown && d->coding->dcmtk != found)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	std::memcpy(image->info.syntax, d->coding->uid,
		    std::strlen(d->coding->uid) + 1);
	return true;
}

void copy_text(char *out, size_t size, const std::string &text)
{
	size_t length = text.size() < size ? text.size() : size - 1;

	std::memcpy(out, text.data(), length);
	out[length] = '\0';
}

/* A code, or "" when it is none: a text there goes no further. */
void copy_code(char *out, size_t size, const std::string &code,
	       const char *characters)
{
	bool sound = code.size() < size &&
		     code.find_first_not_of(characters) == std::string::npos;

	copy_text(out, size, sound ? code : "");
}

/* Characters of the VRs UI and CS (PS3.5 6.2). */
const char uid_characters[] = "0123456789.";
const char code_characters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 _"
			       "abcdefghijklmnopqrstuvwxyz";    /* written too */

/* ---- what the attributes say about the pixels ---- */

struct meaning {
	const char *name;
	enum photometric photometric;
	int samples;
	bool raw_too;                   /* may stand without picture coding */
};

/* PS3.3 C.7.6.3.1.2.  Coded YBR is turned into RGB by its decoder. */
const meaning meanings[] = {
	{ "MONOCHROME1", PHOTOMETRIC_MONOCHROME1, 1, true },
	{ "MONOCHROME2", PHOTOMETRIC_MONOCHROME2, 1, true },
	{ "PALETTE COLOR", PHOTOMETRIC_PALETTE, 1, true },
	{ "RGB", PHOTOMETRIC_RGB, 3, true },
	{ "YBR_FULL", PHOTOMETRIC_YBR_FULL, 3, true },
	{ "YBR_FULL_422", PHOTOMETRIC_YBR_FULL, 3, true },
	{ "YBR_PARTIAL_422", PHOTOMETRIC_YBR_FULL, 3, false },
	{ "YBR_PARTIAL_420", PHOTOMETRIC_YBR_FULL, 3, false },
	{ "YBR_ICT", PHOTOMETRIC_RGB, 3, false },
	{ "YBR_RCT", PHOTOMETRIC_RGB, 3, false },
};

/* An attribute that must be there, within limits. */
bool need_int(DcmItem *data, uint32_t tag, long long low, long long high,
	      int *value, struct error *err)
{
	long long number;

	if (!get_int(data, tag, &number))
		return error_refuse(err, REASON_ATTRIBUTE_MISSING, nullptr,
				    tag);
	if (number < low || number > high)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	*value = int(number);
	return true;
}

bool read_meaning(dicom *d, struct image_info *info, struct error *err)
{
	std::string name = get_code(d->data(), 0x00280004);

	if (name.empty())
		return error_refuse(err, REASON_ATTRIBUTE_MISSING, nullptr,
				    0x00280004);
	for (const meaning &m : meanings) {
		if (name != m.name)
			continue;
		if (info->samples != m.samples)
			return error_refuse(err, REASON_ATTRIBUTES, nullptr,
					    0);
		if (!m.raw_too && is_raw(d->coding->coding))
			return error_refuse(err, REASON_PIXEL_FORM, nullptr,
					    info->samples);
		info->photometric = m.photometric;
		info->ybr_422 = name == "YBR_FULL_422" &&
				is_raw(d->coding->coding);
		d->decode_rgb = name == "RGB";
		/* its chroma stands between the others in any case */
		info->planar = info->planar && !info->ybr_422;
		return true;
	}
	return error_refuse(err, REASON_PIXEL_FORM, nullptr, info->samples);
}

bool read_depth(dicom *d, struct image_info *info, struct error *err)
{
	DcmItem *data = d->data();
	int is_signed = 0;

	if (d->pixel_tag != 0x7fe00010) {
		info->bits_allocated = d->pixel_tag == 0x7fe00008 ? 32 : 64;
		info->bits_stored = info->bits_allocated;
		info->high_bit = info->bits_stored - 1;
		d->form.is_float = true;
		return true;
	}
	if (!need_int(data, 0x00280100, 1, 64, &info->bits_allocated, err) ||
	    !need_int(data, 0x00280101, 1, info->bits_allocated,
		      &info->bits_stored, err) ||
	    !need_int(data, 0x00280102, info->bits_stored - 1,
		      info->bits_allocated - 1, &info->high_bit, err) ||
	    !need_int(data, 0x00280103, 0, 1, &is_signed, err))
		return false;
	info->is_signed = is_signed;
	if (info->bits_allocated != 1 && info->bits_allocated != 8 &&
	    info->bits_allocated != 16 && info->bits_allocated != 32)
		return error_refuse(err, REASON_PIXEL_FORM, nullptr,
				    info->bits_allocated);
	return true;
}

/* Rows, columns, frames, samples and their layout. */
bool read_shape(dicom *d, struct image_info *info, struct error *err)
{
	DcmItem *data = d->data();
	long long number;
	int planar = 0;

	if (!need_int(data, 0x00280010, 1, 65535, &info->rows, err) ||
	    !need_int(data, 0x00280011, 1, 65535, &info->columns, err))
		return false;
	if (get_int(data, 0x00280002, &number)) {
		if (number != 1 && number != 3)
			return error_refuse(err, REASON_PIXEL_FORM, nullptr,
					    number);
		info->samples = int(number);
	}
	if (info->samples > 1 && get_int(data, 0x00280006, &number))
		planar = number == 1;
	info->planar = planar;
	number = 1;
	if (is_set(data, 0x00280008) &&
	    (!get_int(data, 0x00280008, &number) || number < 1))
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	if (!read_depth(d, info, err) || !read_meaning(d, info, err) ||
	    !format_check_size(info->columns, info->rows, number,
			       info->samples,
			       size_t((info->bits_allocated + 7) / 8), err))
		return false;
	info->frames = int(number);
	return true;
}

void set_form(dicom *d, struct image_info *info)
{
	cell_form *form = &d->form;

	form->columns = info->columns;
	form->rows = info->rows;
	form->samples = info->samples;
	form->allocated = info->bits_allocated;
	form->stored = info->bits_stored;
	form->high_bit = info->high_bit;
	form->is_signed = info->is_signed;
	form->planar = info->planar && is_raw(d->coding->coding);
	form->ybr_422 = info->ybr_422;
	form->big_endian = d->coding->dcmtk == EXS_BigEndianExplicit ||
			   d->coding->coding == NATIVE_GE;
}

/* ---- where the pixels are ---- */

/* The one pixel element; several of them would hide pictures. */
bool find_pixels(dicom *d, struct error *err)
{
	static const uint32_t tags[] = { 0x7fe00010, 0x7fe00008, 0x7fe00009 };

	for (uint32_t tag : tags) {
		DcmElement *element = find(d->data(), tag);

		if (!element)
			continue;
		if (d->pixels)
			return error_refuse(err, REASON_ATTRIBUTES, nullptr,
					    0);
		d->pixels = element;
		d->pixel_tag = tag;
	}
	if (!d->pixels)
		return error_refuse(err, REASON_NO_PIXELS, nullptr, 0);
	return true;
}

/* Words of a big endian file: bytes of 8-bit cells stand in pairs. */
bool is_swapped(const dicom *d)
{
	return d->form.big_endian && d->form.allocated <= 8 &&
	       d->pixels->getVR() == EVR_OW;
}

bool check_native_length(dicom *d, const struct image_info *info,
			 struct error *err)
{
	unsigned long long length = d->pixels->getLengthField(), bits;
	unsigned long long pixels = (unsigned long long)info->columns *
				    (unsigned)info->rows;

	if (info->ybr_422 && info->columns % 2)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	/* readers disagree on which of two bytes comes first there */
	if (d->coding->coding == NATIVE_GE && info->bits_allocated <= 8)
		return error_refuse(err, REASON_PIXEL_FORM, nullptr,
				    info->bits_allocated);
	d->frame_bits = size_t(pixels * unsigned(info->bits_allocated) *
			       (info->ybr_422 ? 2u : unsigned(info->samples)));
	/* below 2^32 * 64 * 65535: it fits */
	bits = d->frame_bits * (unsigned long long)info->frames;
	if (length == DCM_UndefinedLength)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	unsigned long long bytes = (bits + 7) / 8;

	if (length < bytes)
		return error_refuse(err, REASON_PIXELS_TOO_SHORT, nullptr, 0);
	if (length > bytes + bytes % 2)
		return error_refuse(err, REASON_PIXELS_TOO_LONG, nullptr, 0);
	return true;
}

/* length bytes of an element's value, wherever it is. */
bool read_value(const struct image *image, DcmElement *element,
		unsigned long long offset, void *out, size_t length,
		struct error *err)
{
	long long start = value_offset(element);

	if (offset > element->getLengthField() ||
	    length > element->getLengthField() - offset)
		return error_refuse(err, REASON_TRUNCATED, nullptr, 0);
	if (start >= 0)
		return format_read(image, start + (long long)offset, out,
				   length, err);
	if (length && element->getPartialValue(out, Uint32(offset),
					       Uint32(length)).bad())
		return error_refuse(err, REASON_DAMAGED, nullptr, 0);
	return true;
}

/* ---- fragments ---- */

/* The first bytes of every code stream: SOI, SOC, or a JP2 wrapper. */
bool starts_stream(const struct image *image, const fragment &f)
{
	static const uint8_t jp2[8] = { 0, 0, 0, 12, 'j', 'P', ' ', ' ' };
	uint8_t head[8] = { 0 };
	struct error ignored;

	if (f.length < sizeof(head) ||
	    !read_value(image, f.item, 0, head, sizeof(head), &ignored))
		return false;
	return (head[0] == 0xff && head[1] == 0xd8 && head[2] == 0xff) ||
	       (head[0] == 0xff && head[1] == 0x4f && head[2] == 0xff) ||
	       std::memcmp(head, jp2, sizeof(jp2)) == 0;
}

/* Basic offset table (PS3.5 A.4): bytes from the first fragment's item. */
bool group_by_table(const struct image *image, dicom *d)
{
	size_t count = d->table->getLength() / 4, next = 0;
	std::vector<uint8_t> bytes(count * 4);
	unsigned long long offset = 0;
	struct error ignored;

	if (count != size_t(image->info.frames) ||
	    !read_value(image, d->table, 0, bytes.data(), bytes.size(),
			&ignored))
		return false;
	for (size_t i = 0; i < d->fragments.size(); i++) {
		const uint8_t *p = bytes.data() + 4 * next;

		if (next < count &&
		    offset == (uint32_t(p[0]) | uint32_t(p[1]) << 8 |
			       uint32_t(p[2]) << 16 | uint32_t(p[3]) << 24)) {
			d->first.push_back(i);
			next++;
		}
		offset += d->fragments[i].length + 8;
	}
	return next == count && d->first[0] == 0;
}

/* Which fragments belong to which frame. */
bool group_fragments(const struct image *image, dicom *d, struct error *err)
{
	size_t frames = size_t(image->info.frames), n = d->fragments.size();

	if (n == frames || frames == 1) {
		for (size_t i = 0; i < frames; i++)
			d->first.push_back(i);
		/* a second picture must not hide behind the only one */
		for (size_t i = frames; i < n; i++)
			if (starts_stream(image, d->fragments[i]))
				d->first.clear();
	} else if (n > frames && !group_by_table(image, d)) {
		d->first.clear();
		for (size_t i = 0; i < n; i++)
			if (starts_stream(image, d->fragments[i]))
				d->first.push_back(i);
	}
	if (n == 0 || d->first.size() != frames || d->first[0] != 0)
		return error_refuse(err, REASON_FRAGMENTS, nullptr,
				    image->info.frames);
	if (d->coding->coding == RLE && n != frames)
		return error_refuse(err, REASON_FRAGMENTS, nullptr,
				    image->info.frames);
	d->first.push_back(n);
	return true;
}

bool find_fragments(const struct image *image, dicom *d, struct error *err)
{
	DcmPixelData *pixels = dynamic_cast<DcmPixelData *>(d->pixels);
	E_TransferSyntax key = EXS_Unknown;
	const DcmRepresentationParameter *parameter = nullptr;
	DcmPixelSequence *sequence = nullptr;

	if (!pixels)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	pixels->getOriginalRepresentationKey(key, parameter);
	if (pixels->getEncapsulatedRepresentation(key, parameter, sequence)
		    .bad() || !sequence || sequence->getItem(d->table, 0).bad())
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	for (unsigned long i = 1; i < sequence->card(); i++) {
		DcmPixelItem *item = nullptr;

		if (sequence->getItem(item, i).bad())
			return error_refuse(err, REASON_DAMAGED, nullptr, 0);
		d->fragments.push_back({ item, item->getLength() });
	}
	return group_fragments(image, d, err);
}

/* Bytes of all fragments of a frame. */
size_t stream_length(const dicom *d, int frame_index)
{
	size_t end = d->first[size_t(frame_index) + 1], total = 0;

	for (size_t i = d->first[size_t(frame_index)]; i < end; i++)
		total += d->fragments[i].length;
	return total;
}

/* All fragments of a frame, one after the other. */
bool read_fragments(const struct image *image, int frame_index, uint8_t *out,
		    struct error *err)
{
	const dicom *d = state_of(image);
	size_t end = d->first[size_t(frame_index) + 1];

	for (size_t i = d->first[size_t(frame_index)]; i < end; i++) {
		const fragment &f = d->fragments[i];

		if (!read_value(image, f.item, 0, out, f.length, err))
			return false;
		out += f.length;
	}
	return true;
}

bool read_stream(const struct image *image, int frame_index,
		 std::vector<uint8_t> *stream, struct error *err)
{
	stream->resize(stream_length(state_of(image), frame_index));
	return read_fragments(image, frame_index, stream->data(), err);
}

/* ---- decoding ---- */

/* A frame whose own size or depth is not the one of the header. */
bool check_stream_size(const struct image *image, int frame_index,
		       long long columns, long long rows, int components,
		       struct error *err)
{
	const struct image_info *info = &image->info;

	if (columns != info->columns || rows != info->rows ||
	    components != info->samples)
		return error_refuse(err, REASON_SIZE_DISAGREES, nullptr,
				    frame_index + 1);
	return true;
}

/* Put the frame number into a refusal of a decoder. */
bool refuse_frame(struct error *err, int frame_index)
{
	if (err && err->code == ERR_REFUSED &&
	    (err->reason == REASON_DAMAGED ||
	     err->reason == REASON_DAMAGED_FRAME ||
	     err->reason == REASON_DAMAGED_MARKER ||
	     err->reason == REASON_TRUNCATED))
		error_refuse(err, REASON_DAMAGED_FRAME, nullptr,
			     frame_index + 1);
	return false;
}

void put_u16(DcmItem *item, const DcmTagKey &key, int value)
{
	item->putAndInsertUint16(key, Uint16(value));
}

/* What a data set of one frame says about its pixels. */
void describe_carrier(const cell_form *form, int precision, bool ybr,
		      DcmDataset *carrier)
{
	put_u16(carrier, DCM_Rows, form->rows);
	put_u16(carrier, DCM_Columns, form->columns);
	put_u16(carrier, DCM_SamplesPerPixel, form->samples);
	put_u16(carrier, DCM_BitsAllocated, form->allocated);
	put_u16(carrier, DCM_BitsStored, precision);
	put_u16(carrier, DCM_HighBit, precision - 1);
	put_u16(carrier, DCM_PixelRepresentation, 0);
	carrier->putAndInsertString(DCM_PhotometricInterpretation,
				    form->samples == 1 ? "MONOCHROME2" :
				    ybr ? "YBR_FULL" : "RGB");
	if (form->samples > 1)
		put_u16(carrier, DCM_PlanarConfiguration, 0);
}

/*
 * A data set with this one frame, so that nothing but the code stream and
 * what we checked steers DCMTK's decoder.
 */
bool make_carrier(const dicom *d, const std::vector<uint8_t> &stream,
		  int precision, E_TransferSyntax key, bool ybr,
		  DcmDataset *carrier)
{
	DcmPixelSequence *sequence =
		new DcmPixelSequence(DCM_PixelSequenceTag);
	DcmPixelItem *item = new DcmPixelItem(DCM_PixelItemTag);
	DcmPixelData *pixels = new DcmPixelData(DCM_PixelData);
	std::vector<uint8_t> even(stream);

	even.resize((stream.size() + 1) / 2 * 2);
	describe_carrier(&d->form, precision, ybr, carrier);
	sequence->insert(new DcmPixelItem(DCM_PixelItemTag));
	sequence->insert(item);
	pixels->putOriginalRepresentation(key, nullptr, sequence);
	return item->putUint8Array(even.data(), even.size()).good() &&
	       carrier->insert(pixels).good();
}

uint8_t *dcmtk_decode(const dicom *d, const std::vector<uint8_t> &stream,
		      int precision, E_TransferSyntax key, bool ybr,
		      struct error *err)
{
	unsigned long warnings = decoder_warnings();
	size_t bytes = cells_bytes(&d->form);
	DcmElement *pixels = nullptr;
	Uint32 start = 0;
	OFString model;
	DcmDataset carrier;

	if (bytes > UINT32_MAX - 1 ||
	    !make_carrier(d, stream, precision, key, ybr, &carrier) ||
	    carrier.findAndGetElement(DCM_PixelData, pixels).bad()) {
		error_refuse(err, REASON_DAMAGED, nullptr, 0);
		return nullptr;
	}
	uint8_t *cells = static_cast<uint8_t *>(mem_array(bytes + 1, 1));

	if (!cells) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return nullptr;
	}
	OFCondition status = pixels->getUncompressedFrame(
		&carrier, 0, start, cells, Uint32(bytes + bytes % 2), model);

	if (status.bad() || decoder_warnings() != warnings) {
		error_refuse(err, REASON_DAMAGED, nullptr, 0);
		std::free(cells);
		return nullptr;
	}
	return cells;
}

/* Bits of the cells that a decoder gives. */
int cell_bits(int precision)
{
	return precision <= 8 ? 8 : precision <= 16 ? 16 : 32;
}

/* Depths may differ by frame as long as the cells don't. */
bool same_cells(const dicom *d, int precision)
{
	return precision >= 1 && cell_bits(precision) == d->form.allocated;
}

/* DCMTK's name of the process of a JPEG frame it decodes. */
E_TransferSyntax process_of(const struct jpeg_head &head)
{
	switch (head.sof) {
	case JPEG_SOF0:
	case JPEG_SOF1:
		return EXS_JPEGProcess2_4;
	case JPEG_SOF2:
		return EXS_JPEGProcess10_12;
	case JPEG_SOF3:
		return EXS_JPEGProcess14;
	default:
		return EXS_Unknown;
	}
}

bool is_lossless(const struct jpeg_head &head)
{
	return head.sof == JPEG_SOF3;
}

uint8_t *decode_jpeg(const struct image *image, int frame_index,
		     const std::vector<uint8_t> &stream, struct error *err)
{
	const dicom *d = state_of(image);
	struct jpeg_head head;

	if (!jpeg_head_read(stream.data(), stream.size(), &head, err) ||
	    !check_stream_size(image, frame_index, head.columns, head.rows,
			       head.components, err))
		return nullptr;
	if (!same_cells(d, head.precision)) {
		error_refuse(err, REASON_SIZE_DISAGREES, nullptr,
			     frame_index + 1);
		return nullptr;
	}
	/* DCMTK 3.6.7 looks for the frame header without end there */
	if (!jpeg_is_plain(&head) && head.stray) {
		error_refuse(err, REASON_DAMAGED_MARKER, nullptr, head.sof);
		return nullptr;
	}
	if (!jpeg_is_plain(&head))
		return dcmtk_decode(d, stream, head.precision,
				    process_of(head),
				    !is_lossless(head) && !d->decode_rgb, err);
	struct frame *f = jpeg_decode(stream.data(), stream.size(),
				      d->decode_rgb, err);

	if (!f)
		return nullptr;
	uint8_t *cells = static_cast<uint8_t *>(f->sample);

	f->sample = nullptr;
	frame_free(f);
	return cells;
}

/* DCMTK 3.6.7 fails on sound streams of less bits. */
const int JPEG_LS_MIN_PRECISION = 8;

uint8_t *decode_jpeg_ls(const struct image *image, int frame_index,
			const std::vector<uint8_t> &stream, struct error *err)
{
	const dicom *d = state_of(image);
	struct jpeg_head head;

	if (!jpeg_head_read(stream.data(), stream.size(), &head, err) ||
	    !check_stream_size(image, frame_index, head.columns, head.rows,
			       head.components, err))
		return nullptr;
	if (head.sof != JPEG_SOF55 || !same_cells(d, head.precision)) {
		error_refuse(err, REASON_SIZE_DISAGREES, nullptr,
			     frame_index + 1);
		return nullptr;
	}
	uint8_t *cells = dcmtk_decode(d, stream, head.precision, EXS_JPEGLSLossy,
				      false, err);

	if (!cells && head.precision < JPEG_LS_MIN_PRECISION)
		error_refuse(err, REASON_PIXEL_FORM, nullptr, head.precision);
	return cells;
}

uint8_t *decode_j2k(const struct image *image, int frame_index,
		    const std::vector<uint8_t> &stream, struct error *err)
{
	const dicom *d = state_of(image);
	struct j2k_head head;

	if (!j2k_head_read(stream.data(), stream.size(), &head, err) ||
	    !check_stream_size(image, frame_index, head.columns, head.rows,
			       head.components, err))
		return nullptr;
	if (!head.uniform || !same_cells(d, head.precision)) {
		error_refuse(err, REASON_SIZE_DISAGREES, nullptr,
			     frame_index + 1);
		return nullptr;
	}
	return j2k_decode(stream.data(), stream.size(), d->form.allocated,
			  err);
}

uint8_t *decode_raw(const dicom *d, const std::vector<uint8_t> &stream,
		    struct error *err)
{
	size_t bytes = cells_bytes(&d->form);

	if (d->coding->coding == DEFLATED_FRAME)
		return unpack_deflate(stream.data(), stream.size(), bytes,
				      err);
	if (d->coding->coding == RLE)
		return unpack_rle(&d->form, stream.data(), stream.size(), err);
	if (stream.size() < bytes || stream.size() > bytes + bytes % 2) {
		error_refuse(err, REASON_DAMAGED_FRAME, nullptr, 0);
		return nullptr;
	}
	uint8_t *cells = static_cast<uint8_t *>(mem_array(bytes, 1));

	if (cells)
		std::memcpy(cells, stream.data(), bytes);
	else
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
	return cells;
}

/* ---- encoding ---- */

/* The only fragment of a data set's pixels; DCMTK's. */
const Uint8 *only_fragment(DcmDataset *carrier, E_TransferSyntax key,
			   const DcmRepresentationParameter *how,
			   size_t *length)
{
	DcmElement *element = find(carrier, 0x7fe00010);
	DcmPixelData *pixels = dynamic_cast<DcmPixelData *>(element);
	DcmPixelSequence *sequence = nullptr;
	DcmPixelItem *item = nullptr;
	Uint8 *bytes = nullptr;

	if (!pixels ||
	    pixels->getEncapsulatedRepresentation(key, how, sequence).bad() ||
	    !sequence || sequence->card() != 2 ||
	    sequence->getItem(item, 1).bad() ||
	    item->getUint8Array(bytes).bad())
		return nullptr;
	*length = item->getLength();
	return bytes;
}

bool put_cells(const cell_form *form, const uint8_t *cells,
	       DcmDataset *carrier)
{
	size_t bytes = cells_bytes(form);

	if (bytes == 0 || bytes > UINT32_MAX - 1)
		return false;
	if (form->allocated == 16) {
		std::vector<Uint16> words(bytes / 2);

		for (size_t i = 0; i < words.size(); i++)
			words[i] = Uint16(cells[2 * i] |
					  cells[2 * i + 1] << 8);
		return carrier->putAndInsertUint16Array(
			DCM_PixelData, words.data(), words.size()).good();
	}
	std::vector<uint8_t> even(cells, cells + bytes);

	even.resize((bytes + 1) / 2 * 2);
	return carrier->putAndInsertUint8Array(DCM_PixelData, even.data(),
					       even.size()).good();
}

uint8_t *encode_cells(enum dicom_coding coding, const cell_form *form,
		      const uint8_t *cells, size_t *length, struct error *err)
{
	bool ls = coding == DICOM_JPEG_LS;
	E_TransferSyntax key = ls ? EXS_JPEGLSLossless : EXS_JPEGProcess14SV1;
	DJ_RPLossless jpeg;
	DJLSRepresentationParameter jpeg_ls(0, OFTrue);
	const DcmRepresentationParameter *how =
		ls ? static_cast<DcmRepresentationParameter *>(&jpeg_ls) :
		     &jpeg;
	const Uint8 *bytes = nullptr;
	DcmDataset carrier;

	describe_carrier(form, form->allocated, false, &carrier);
	if ((form->allocated == 8 || form->allocated == 16) &&
	    put_cells(form, cells, &carrier) &&
	    carrier.chooseRepresentation(key, how).good())
		bytes = only_fragment(&carrier, key, how, length);
	if (!bytes) {
		error_set(err, ERR_INTERNAL, _("a frame can't be encoded"));
		return nullptr;
	}
	uint8_t *stream = static_cast<uint8_t *>(mem_array(*length, 1));

	if (stream)
		std::memcpy(stream, bytes, *length);
	else
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
	return stream;
}

/* ---- the cells of a frame ---- */

uint8_t *decode_frame(const struct image *image, int frame_index,
		      struct error *err)
{
	const dicom *d = state_of(image);
	std::vector<uint8_t> stream;

	if (!read_stream(image, frame_index, &stream, err))
		return nullptr;
	switch (d->coding->coding) {
	case JPEG:
		return decode_jpeg(image, frame_index, stream, err);
	case JPEG_LS:
		return decode_jpeg_ls(image, frame_index, stream, err);
	case J2K:
		return decode_j2k(image, frame_index, stream, err);
	default:
		return decode_raw(d, stream, err);
	}
}

/*
 * Bytes that stand in 16-bit words of a big endian file: the two of a word
 * change places.  The value has an even number of them.
 */
bool read_swapped(const struct image *image, DcmElement *element,
		  unsigned long long offset, uint8_t *out, size_t length,
		  struct error *err)
{
	size_t odd = size_t(offset % 2);
	std::vector<uint8_t> words((odd + length + 1) / 2 * 2);

	if (!read_value(image, element, offset - odd, words.data(),
			words.size(), err))
		return false;
	for (size_t i = 0; i < length; i++)
		out[i] = words[(odd + i) ^ 1];
	return true;
}

/* Native cells: the bytes of the file, bits from first_bit on. */
bool read_native(const struct image *image, int frame_index,
		 cell_form *form, uint8_t *cells, struct error *err)
{
	const dicom *d = state_of(image);
	unsigned long long bit = d->frame_bits *
				 (unsigned long long)frame_index;

	form->first_bit = int(bit % 8);
	if (is_swapped(d))
		return read_swapped(image, d->pixels, bit / 8, cells,
				    cells_bytes(form), err);
	return read_value(image, d->pixels, bit / 8, cells, cells_bytes(form),
			  err);
}

bool read_about(const struct image *image, const uint8_t *stream,
		size_t length, struct dicom_stream *about, struct error *err);

/* Can a cell of the frame have a bit outside its stored ones? */
bool may_have_unused(const struct image *image, int frame_index)
{
	const dicom *d = state_of(image);
	const cell_form *form = &d->form;
	std::vector<uint8_t> stream;
	struct dicom_stream about;
	struct error ignored;

	if (form->is_float || form->stored == form->allocated)
		return false;
	if (d->precision == 0 || form->high_bit != form->stored - 1)
		return true;
	/* a code stream has no more bits than its precision */
	return !read_stream(image, frame_index, &stream, &ignored) ||
	       !read_about(image, stream.data(), stream.size(), &about,
			   &ignored) ||
	       about.precision > form->stored;
}

/* The cells of a frame, to free(), and their form. */
uint8_t *frame_cells(const struct image *image, int frame_index,
		     cell_form *form, struct error *err)
{
	const dicom *d = state_of(image);
	uint8_t *cells;

	*form = d->form;
	if (!is_native(d->coding->coding)) {
		cells = decode_frame(image, frame_index, err);
		if (!cells)
			refuse_frame(err, frame_index);
		return cells;
	}
	/* first_bit may add a byte */
	cells = static_cast<uint8_t *>(mem_array(cells_bytes(form) + 1, 1));
	if (!cells) {
		error_set(err, ERR_MEMORY, _("no memory for a picture"));
		return nullptr;
	}
	if (read_native(image, frame_index, form, cells, err))
		return cells;
	std::free(cells);
	return nullptr;
}

/* ---- what the code streams say: read off the first frame ---- */

/* Cells as a decoder gives them: of 8, 16 or 32 bits by its precision. */
bool set_decoded_form(dicom *d, const struct image_info *info, int precision,
		      struct error *err)
{
	cell_form *form = &d->form;

	if (precision < 1 || precision > info->bits_allocated)
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	d->precision = precision;
	form->allocated = cell_bits(precision);
	if (form->high_bit >= form->allocated) {
		if (form->stored > form->allocated)
			form->stored = form->allocated;
		form->high_bit = form->stored - 1;
	}
	form->big_endian = form->planar = form->ybr_422 = false;
	return true;
}

bool describe_jpeg(dicom *d, struct image_info *info,
		   const std::vector<uint8_t> &stream, struct error *err)
{
	struct jpeg_head head;

	if (!jpeg_head_read(stream.data(), stream.size(), &head, err))
		return false;
	if (!jpeg_is_plain(&head) && process_of(head) == EXS_Unknown)
		return error_refuse(err, REASON_JPEG_PROCESS, nullptr,
				    head.sof);
	info->lossy = info->lossy || !is_lossless(head);
	d->writable = is_lossless(head) || jpeg_is_plain(&head) ||
		      (head.precision == 12 && head.sof <= JPEG_SOF1);
	if (!is_lossless(head)) {
		info->mcu_columns = 8 * head.h_max;
		info->mcu_rows = 8 * head.v_max;
		info->subsampled = head.subsampled && head.components > 1;
		if (info->samples == 3)
			info->photometric = PHOTOMETRIC_RGB;
	}
	return set_decoded_form(d, info, head.precision, err);
}

bool describe_j2k(dicom *d, struct image_info *info,
		  const std::vector<uint8_t> &stream, struct error *err)
{
	struct j2k_head head;

	if (!j2k_head_read(stream.data(), stream.size(), &head, err))
		return false;
	info->lossy = info->lossy || !head.reversible;
	d->writable = head.precision <= J2K_MAX_PRECISION;
	if (info->samples == 3 && head.colour_transform)
		info->photometric = PHOTOMETRIC_RGB;
	return set_decoded_form(d, info, head.precision, err);
}

bool about_jpeg(const dicom *d, const uint8_t *stream, size_t length,
		struct dicom_stream *about, struct error *err)
{
	struct jpeg_head head;
	struct jpeg_scans scans;

	if (!jpeg_head_read(stream, length, &head, err))
		return false;
	about->columns = head.columns;
	about->rows = head.rows;
	about->components = head.components;
	about->precision = head.precision;
	about->sof = head.sof;
	about->mcu_columns = 8 * head.h_max;
	about->mcu_rows = 8 * head.v_max;
	about->rgb = d->decode_rgb;
	if (head.sof != JPEG_SOF3 && head.sof != JPEG_SOF55)
		return true;
	if (!jpeg_scans_read(stream, length, &scans, err))
		return false;
	if (head.sof == JPEG_SOF55) {
		about->reversible = scans.largest == 0 && scans.shift == 0;
		return true;
	}
	about->reversible = scans.shift == 0;
	about->predictor = scans.least == scans.largest ? scans.least : 0;
	return true;
}

bool about_j2k(const uint8_t *stream, size_t length,
	       struct dicom_stream *about, struct error *err)
{
	struct j2k_head head;

	if (!j2k_head_read(stream, length, &head, err))
		return false;
	about->columns = head.columns;
	about->rows = head.rows;
	about->components = head.components;
	about->precision = head.precision;
	about->reversible = head.reversible;
	about->is_signed = head.is_signed;
	about->colour_transform = head.colour_transform;
	about->high_throughput = head.high_throughput;
	return true;
}

bool read_about(const struct image *image, const uint8_t *stream,
		size_t length, struct dicom_stream *about, struct error *err)
{
	const dicom *d = state_of(image);

	*about = {};
	switch (d->coding->coding) {
	case JPEG:
	case JPEG_LS:
		return about_jpeg(d, stream, length, about, err);
	case J2K:
		return about_j2k(stream, length, about, err);
	default:
		about->reversible = true;
		return true;
	}
}

bool describe_stream(struct image *image, struct error *err)
{
	dicom *d = state_of(image);
	struct image_info *info = &image->info;
	std::vector<uint8_t> stream;
	struct jpeg_head head;

	info->encapsulated = true;
	if (!read_stream(image, 0, &stream, err))
		return false;
	switch (d->coding->coding) {
	case JPEG:
		return describe_jpeg(d, info, stream, err);
	case J2K:
		return describe_j2k(d, info, stream, err);
	case JPEG_LS:
		if (!jpeg_head_read(stream.data(), stream.size(), &head, err))
			return false;
		d->writable = head.precision >= JPEG_LS_MIN_PRECISION;
		return set_decoded_form(d, info, head.precision, err);
	case RLE:
		d->form.planar = false;
		break;
	default:
		break;
	}
	return true;
}

bool open_pixels(struct image *image, struct error *err)
{
	dicom *d = state_of(image);
	struct image_info *info = &image->info;

	set_form(d, info);
	info->lossy = d->coding->lossy ||
		      get_code(d->data(), 0x00282110) == "01";
	if (is_native(d->coding->coding)) {
		if (!check_native_length(d, info, err))
			return false;
	} else if (!find_fragments(image, d, err) ||
		   !describe_stream(image, err)) {
		return refuse_frame(err, 0);
	}
	info->type = cells_type(&d->form);
	info->mask_supported = d->writable;
	info->colour = info->samples > 1;
	return true;
}

/* ---- palettes and look-up tables ---- */

/* A descriptor (PS3.3 C.7.6.3.1.5): entries, first mapped value, bits. */
struct descriptor {
	long long entries, first, bits;
};

bool get_descriptor(DcmItem *item, uint32_t tag, bool is_signed,
		    descriptor *out)
{
	if (!get_int(item, tag, &out->entries, 0) ||
	    !get_int(item, tag, &out->first, 1) ||
	    !get_int(item, tag, &out->bits, 2))
		return false;
	out->entries &= 0xffff;
	if (out->entries == 0)
		out->entries = 65536;
	out->first &= 0xffff;
	if (is_signed && out->first > 32767)
		out->first -= 65536;
	return out->bits >= 8 && out->bits <= 16;
}

/* The table of an element, plain or in segments. */
bool get_table(DcmItem *item, uint32_t tag, const descriptor &of,
	       bool segmented, std::vector<uint16_t> *table)
{
	DcmElement *element = find(item, tag);
	std::vector<uint16_t> words;

	if (!element || !get_words(element, &words))
		return false;
	table->resize(size_t(of.entries));
	if (segmented)
		return lut_expand(words.data(), words.size(), int(of.bits),
				  table->data(), table->size());
	return lut_take(words.data(), words.size(), table->data(),
			table->size());
}

/*
 * One colour of the palette as bytes.  A table of 16 bits whose values all
 * fit into 8 was meant as 8 bits.
 */
bool read_colour(struct image *image, int colour, bool first_time)
{
	DcmItem *data = state_of(image)->data();
	descriptor of = {};
	std::vector<uint16_t> table;
	uint32_t c = uint32_t(colour);
	unsigned shift = 0;

	if (!get_descriptor(data, 0x00281101 + c, image->info.is_signed, &of))
		return false;
	if (!get_table(data, 0x00281201 + c, of, false, &table) &&
	    !get_table(data, 0x00281221 + c, of, true, &table))
		return false;
	if (first_time) {
		image->palette_first = int(of.first);
		image->palette_entries = int(of.entries);
		image->palette = static_cast<uint8_t *>(
			mem_array(size_t(of.entries), 4));
		if (!image->palette)
			throw std::bad_alloc();
	}
	if (image->palette_entries != of.entries)
		return false;
	for (uint16_t value : table)
		if (value > 255)
			shift = 8;
	for (size_t i = 0; i < table.size(); i++) {
		image->palette[4 * i + c] = uint8_t(table[i] >> shift);
		image->palette[4 * i + 3] = 255;
	}
	return true;
}

bool read_palette(struct image *image, struct error *err)
{
	if (image->info.photometric != PHOTOMETRIC_PALETTE)
		return true;
	for (int colour = 0; colour < 3; colour++)
		if (!read_colour(image, colour, colour == 0))
			return error_refuse(err, REASON_ATTRIBUTES, nullptr,
					    0);
	image->info.colour = false;
	for (int i = 0; i < image->palette_entries; i++) {
		const uint8_t *p = image->palette + 4 * i;

		if (p[0] != p[1] || p[1] != p[2])
			image->info.colour = true;
	}
	return true;
}

/* The first item of a LUT sequence; one that makes no sense is left out. */
bool read_lut(DcmItem *item, bool is_signed, struct image_lut *lut)
{
	descriptor of = {};
	std::vector<uint16_t> table;

	if (!item || !get_descriptor(item, 0x00283002, is_signed, &of) ||
	    !get_table(item, 0x00283006, of, false, &table))
		return false;
	lut->value = static_cast<uint16_t *>(
		mem_array(table.size(), sizeof(uint16_t)));
	if (!lut->value)
		throw std::bad_alloc();
	std::memcpy(lut->value, table.data(), table.size() * 2);
	lut->first = int(of.first);
	lut->entries = int(of.entries);
	lut->bits = int(of.bits);
	return true;
}

/* ---- display ---- */

void read_windows(DcmItem *holder, struct image_info *info)
{
	std::string function = get_code(holder, 0x00281056);
	double centre, width;

	for (unsigned long i = 0; i < IMAGE_WINDOWS; i++) {
		if (!get_double(holder, 0x00281050, &centre, i) ||
		    !get_double(holder, 0x00281051, &width, i))
			break;
		if (width <= 0)
			continue;
		info->window[info->windows++] = { centre, width };
	}
	info->voi_function = function == "LINEAR_EXACT" ? 1 :
			     function == "SIGMOID" ? 2 : 0;
}

/* Its bits (PS3.3 C.7.6.24, C.7.6.25); 0 when there is none or no number. */
long long float_padding(DcmItem *data, uint32_t pixel_tag)
{
	DcmElement *element = find(data, pixel_tag == 0x7fe00008 ?
						 0x00280122 : 0x00280123);
	Float32 single;
	Float64 number;
	uint32_t bits;
	long long wide;

	if (!element || element->getLength() == 0)
		return 0;
	if (pixel_tag == 0x7fe00008 && element->getFloat32(single).good() &&
	    single - single == 0) {
		std::memcpy(&bits, &single, sizeof(bits));
		return bits;
	}
	if (pixel_tag == 0x7fe00009 && element->getFloat64(number).good() &&
	    number - number == 0) {
		std::memcpy(&wide, &number, sizeof(wide));
		return wide;
	}
	return 0;
}

void read_display(struct image *image)
{
	struct image_info *info = &image->info;
	const dicom *d = state_of(image);
	DcmItem *data = state_of(image)->data();
	DcmItem *voi = group_item(data, 0x00289132);
	DcmItem *rescale = group_item(data, 0x00289145);
	long long padding;
	double slope;

	read_windows(voi ? voi : data, info);
	if (!rescale)
		rescale = data;
	if (get_double(rescale, 0x00281053, &slope) && slope != 0) {
		info->slope = slope;
		get_double(rescale, 0x00281052, &info->intercept);
	}
	info->has_modality_lut = read_lut(item_at(data, 0x00283000, 0),
					  info->is_signed,
					  &image->modality_lut);
	info->has_voi_lut = read_lut(item_at(data, 0x00283010, 0),
				     info->is_signed || info->intercept < 0,
				     &image->voi_lut);
	info->inverse = get_code(data, 0x20500020) == "INVERSE";
	if (d->form.is_float) {
		info->float_padding = float_padding(data, d->pixel_tag);
		return;
	}
	info->has_padding = get_int(data, 0x00280120, &padding);
	if (!info->has_padding)
		return;
	/* its VR is often the wrong one of US and SS */
	if (info->is_signed && padding > 32767)
		padding -= 65536;
	if (!info->is_signed && padding < 0)
		padding += 65536;
	info->padding = padding;
}

/* ---- overlays ---- */

/* False: not a plane that can be shown; nothing is lost, as it is dropped. */
bool read_overlay(DcmItem *data, uint32_t group, struct image_info *info)
{
	struct image_overlay *o = &info->overlay[info->overlays];
	uint32_t base = group << 16;
	long long rows, columns, number;

	if (!get_int(data, base | 0x0010, &rows) ||
	    !get_int(data, base | 0x0011, &columns) || rows < 1 ||
	    columns < 1 || rows > 65535 || columns > 65535)
		return false;
	*o = {};
	o->group = int(group);
	o->rows = int(rows);
	o->columns = int(columns);
	/* signed words, whatever the VR says; 1-based, row first */
	if (get_int(data, base | 0x0050, &number, 0))
		o->y = int16_t(number) - 1;
	if (get_int(data, base | 0x0050, &number, 1))
		o->x = int16_t(number) - 1;
	o->frames = info->frames;
	if (get_int(data, base | 0x0015, &number) && number >= 1 &&
	    number <= info->frames)
		o->frames = int(number);
	if (get_int(data, base | 0x0051, &number) && number >= 1 &&
	    number <= info->frames)
		o->first_frame = int(number) - 1;
	o->bit = -1;
	if (!find(data, base | 0x3000)) {
		if (!get_int(data, base | 0x0102, &number) || number < 0 ||
		    number >= info->bits_allocated)
			return false;
		o->bit = int(number);
	}
	info->overlays++;
	return true;
}

void read_overlays(struct image *image)
{
	DcmItem *data = state_of(image)->data();

	for (uint32_t group = 0x6000; group <= 0x60ff; group += 2)
		if (image->info.overlays < IMAGE_OVERLAYS)
			read_overlay(data, group, &image->info);
}

/* Is the data set big endian?  (The pixels alone may be, too.) */
bool is_big(const struct image *image)
{
	return state_of(image)->coding->dcmtk == EXS_BigEndianExplicit;
}

/* An overlay plane of its own: bits, least significant first. */
bool draw_plane(const struct image *image, const struct image_overlay *o,
		int frame_index, uint8_t *plane, bool *outside,
		struct error *err)
{
	const struct image_info *info = &image->info;
	DcmElement *element = find(state_of(image)->data(),
				   uint32_t(o->group) << 16 | 0x3000);
	unsigned long long bits = (unsigned long long)o->rows *
				  (unsigned)o->columns;
	unsigned long long start = bits * unsigned(frame_index -
						   o->first_frame);
	DcmElement *data = find(state_of(image)->data(),
				uint32_t(o->group) << 16 | 0x0015);
	std::vector<uint8_t> bytes;

	/* a plane without a number of frames is the same for all */
	if (!data)
		start = 0;
	bytes.resize(size_t(start % 8 + bits + 7) / 8);
	if (!element || element->getLengthField() < start / 8 + bytes.size())
		return error_refuse(err, REASON_ATTRIBUTES, nullptr, 0);
	if (!(is_big(image) && element->getVR() == EVR_OW ?
	      read_swapped(image, element, start / 8, bytes.data(),
			   bytes.size(), err) :
	      read_value(image, element, start / 8, bytes.data(),
			 bytes.size(), err)))
		return false;
	for (size_t i = 0; i < bits; i++) {
		size_t bit = size_t(start % 8) + i;
		long long x = o->x + (long long)(i % unsigned(o->columns));
		long long y = o->y + (long long)(i / unsigned(o->columns));

		if (!(bytes[bit / 8] >> bit % 8 & 1))
			continue;
		if (x < 0 || y < 0 || x >= info->columns || y >= info->rows)
			*outside = true;
		else
			plane[y * info->columns + x] = 255;
	}
	return true;
}

/* An overlay plane inside the cells of the picture. */
bool draw_embedded(const struct image *image, const struct image_overlay *o,
		   int frame_index, uint8_t *plane, struct error *err)
{
	cell_form form;
	uint8_t *cells = frame_cells(image, frame_index, &form, err);

	if (!cells)
		return false;
	if (o->bit < form.allocated)
		cells_bit_plane(&form, cells, o->bit, plane);
	std::free(cells);
	return true;
}

/* ---- other carriers ---- */

/*
 * Look through all levels for an icon, for private attributes, and for what
 * is no picture: a document (PS3.3 C.24.2) or waveforms (C.10.9), *other.
 */
void look_for_carriers(DcmItem *item, struct image_info *info, bool *other)
{
	for (unsigned long i = 0; i < item->card(); i++) {
		DcmElement *element = item->getElement(i);
		DcmTagKey key = element->getTag().getXTag();

		if (key == DCM_IconImageSequence)
			info->has_icon = true;
		if (key == DCM_EncapsulatedDocument ||
		    key == DCM_WaveformSequence)
			*other = true;
		if (key.getGroup() & 1)
			info->has_private = true;
		DcmSequenceOfItems *sequence =
			dynamic_cast<DcmSequenceOfItems *>(element);

		if (!sequence || element->ident() == EVR_pixelSQ)
			continue;
		for (unsigned long n = 0; n < sequence->card(); n++)
			look_for_carriers(sequence->getItem(n), info, other);
	}
}

/* ---- opening ---- */

const char directory_class[] = "1.2.840.10008.1.3.10";

/* Sequences in sequences that are read; each is a level, and so is its item.
 * The check of a copy takes as many. */
constexpr unsigned long NEST_MAX = 2 * 32;

bool nests_too_deep(DcmItem *data)
{
	DcmStack stack;

	while (data->nextObject(stack, OFTrue).good())
		if (stack.card() > NEST_MAX + 1)
			return true;
	return false;
}

bool open_file(struct image *image, struct error *err)
{
	std::unique_ptr<dicom> holder(new dicom);
	dicom *d = holder.get();
	struct image_info *info = &image->info;
	bool other = false;

	image->state = holder.release();
	if (!find_coding(image, d, err))
		return false;
	if (nests_too_deep(d->data()))
		return error_refuse(err, REASON_DAMAGED, nullptr, 0);
	copy_code(info->sop_class, sizeof(info->sop_class),
		  get_code(d->data(), 0x00080016), uid_characters);
	copy_code(info->modality, sizeof(info->modality),
		  get_code(d->data(), 0x00080060), code_characters);
	for (char *c = info->modality; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 'a' + 'A');
	if (get_code(d->file.getMetaInfo(), 0x00020002) == directory_class)
		return error_refuse(err, REASON_NOT_DICOMDIR, nullptr, 0);
	if (!find_pixels(d, err) ||
	    !read_shape(d, info, err) || !open_pixels(image, err) ||
	    !read_palette(image, err))
		return false;
	read_display(image);
	read_overlays(image);
	look_for_carriers(d->data(), info, &other);
	if (other)
		return error_refuse(err, REASON_OTHER_CONTENT, nullptr, 0);
	info->burned_in_yes = get_code(d->data(), 0x00280301) == "YES";
	return true;
}

struct frame *native_frame(const struct image *image, int frame_index,
			   struct error *err)
{
	const dicom *d = state_of(image);
	const struct image_info *info = &image->info;
	cell_form form = d->form;
	struct frame *f = frame_unset(info->columns, info->rows, info->type,
				      info->samples, err);

	if (f && read_native(image, frame_index, &form,
			     static_cast<uint8_t *>(f->sample), err))
		return f;
	frame_free(f);
	return nullptr;
}

struct frame *read_frame(const struct image *image, int frame_index,
			 struct error *err)
{
	const dicom *d = state_of(image);
	cell_form form;

	if (is_native(d->coding->coding) && cells_plain(&d->form))
		return native_frame(image, frame_index, err);
	uint8_t *cells = frame_cells(image, frame_index, &form, err);

	if (!cells)
		return nullptr;
	if (cells_plain(&form))
		return frame_around(form.columns, form.rows, cells_type(&form),
				    form.samples, cells, err);
	struct frame *f = cells_to_frame(&form, cells, err);

	std::free(cells);
	return f;
}

/* ---- attributes as text ---- */

enum { TEXT_MAX = 65536 };      /* bytes; longer values are no identifiers */
enum { BYTES_MAX = 1 << 20 };   /* of a value that is no text */

bool is_text(DcmEVR vr)
{
	switch (vr) {
	case EVR_AE: case EVR_AS: case EVR_CS: case EVR_DA: case EVR_DS:
	case EVR_DT: case EVR_IS: case EVR_LO: case EVR_LT: case EVR_PN:
	case EVR_SH: case EVR_ST: case EVR_TM: case EVR_UC: case EVR_UT:
		return true;
	default:
		return false;
	}
}

bool is_number(DcmEVR vr)
{
	switch (vr) {
	case EVR_US: case EVR_SS: case EVR_UL: case EVR_SL: case EVR_FL:
	case EVR_FD: case EVR_AT: case EVR_xs:
		return true;
	default:
		return false;
	}
}

/* (0008,0005) of an item, whole; of its parent when it has none. */
std::string charset_of(DcmItem *item, const std::string &parent)
{
	DcmElement *element = find(item, 0x00080005);
	char *value = nullptr;

	if (!element || element->getString(value).bad() || !value)
		return parent;
	return value;
}

/*
 * The value of a text or number as UTF-8.  Texts are taken as they stand in
 * the file: a kanji may hold the byte of a separator.
 */
bool value_text(DcmElement *element, const std::string &charset,
		struct buffer *out)
{
	DcmEVR vr = element->getVR();
	char *value = nullptr;
	Uint32 length = 0;

	if (element->getLengthField() > TEXT_MAX)
		return false;
	if (is_text(vr) || vr == EVR_UI || vr == EVR_UR) {
		if (element->getString(value, length).bad())
			return false;
		while (length > 0 && (value[length - 1] == ' ' ||
				      value[length - 1] == '\0'))
			length--;
		charset_decode(charset.c_str(), value ? value : "", length,
			       out);
		return true;
	}
	OFString text;

	if (!is_number(vr) || element->getOFStringArray(text).bad())
		return false;
	charset_clean_append(out, text.c_str(), text.size());
	return true;
}

/* Take "ggggeeee" and, if it follows, "[i]." off a path. */
bool take_step(const char **path, uint32_t *tag, long *item)
{
	char digits[9] = "";
	char *end;

	*item = -1;
	if (std::strlen(*path) < 8)
		return false;
	std::memcpy(digits, *path, 8);
	*tag = uint32_t(std::strtoul(digits, &end, 16));
	*path += 8;
	if (*end || **path == '\0')
		return !*end;
	if (**path != '[')
		return false;
	*item = std::strtol(*path + 1, &end, 10);
	if (*item < 0 || end[0] != ']' || end[1] != '.')
		return false;
	*path = end + 2;
	return true;
}

char *attribute_text(DcmItem *item, const char *path)
{
	std::string charset = charset_of(item, "");
	struct buffer out = { nullptr, 0, 0, false };
	uint32_t tag;
	long index;

	for (;;) {
		if (!item || !take_step(&path, &tag, &index))
			return nullptr;
		if (index < 0)
			break;
		item = item_at(item, tag, index);
		if (item)
			charset = charset_of(item, charset);
	}
	DcmElement *element = find(item, tag);

	if (element && element->getLength() > 0 &&
	    value_text(element, charset, &out) && !out.failed &&
	    out.length > 0)
		return out.data;
	bool failed = out.failed;

	buffer_done(&out);
	if (failed)
		throw std::bad_alloc();
	return nullptr;
}

std::string step_of(const DcmTagKey &key)
{
	char text[9];

	std::snprintf(text, sizeof(text), "%04x%04x", unsigned(key.getGroup()),
		      unsigned(key.getElement()));
	return text;
}

std::string item_step(const std::string &path, unsigned long i)
{
	return path + "[" + std::to_string(i) + "].";
}

typedef bool (*text_visit)(void *self, const char *path, const char *vr,
			   const char *value);

/* False when visit() said so. */
bool each_text(DcmItem *item, const std::string &parent_charset,
	       const std::string &prefix, text_visit visit, void *self)
{
	std::string charset = charset_of(item, parent_charset);

	for (unsigned long i = 0; i < item->card(); i++) {
		DcmElement *element = item->getElement(i);
		std::string path = prefix +
				   step_of(element->getTag().getXTag());
		DcmSequenceOfItems *sequence =
			dynamic_cast<DcmSequenceOfItems *>(element);

		if (sequence && element->ident() != EVR_pixelSQ) {
			for (unsigned long n = 0; n < sequence->card(); n++)
				if (!each_text(sequence->getItem(n), charset,
					       item_step(path, n), visit,
					       self))
					return false;
			continue;
		}
		if (!is_text(element->getVR()) || element->getLength() == 0)
			continue;
		struct buffer value = { nullptr, 0, 0, false };
		bool go_on = true;

		if (!value_text(element, charset, &value))
			value.length = 0;
		if (value.failed) {
			buffer_done(&value);
			throw std::bad_alloc();
		}
		if (value.length > 0)
			go_on = visit(self, path.c_str(),
				      DcmVR(element->getVR()).getVRName(),
				      value.data);
		buffer_done(&value);
		if (!go_on)
			return false;
	}
	return true;
}

/* ---- editing ---- */

typedef bool (*edit_put)(void *self, const void *data, size_t length,
			 struct error *err);

/* Output of DCMTK to a callback, 64 KiB at a time. */
class put_consumer : public DcmConsumer {
public:
	put_consumer(edit_put put, void *self, struct error *err)
		: put_(put), self_(self), err_(err)
	{
	}
	OFBool good() const override { return state_.good(); }
	OFCondition status() const override { return state_; }
	OFBool isFlushed() const override { return used_ == 0; }
	offile_off_t avail() const override { return sizeof(held_); }

	offile_off_t write(const void *data, offile_off_t length) override
	{
		const char *in = static_cast<const char *>(data);

		for (offile_off_t left = length; left > 0 && state_.good();) {
			size_t n = sizeof(held_) - used_;

			if (offile_off_t(n) > left)
				n = size_t(left);
			std::memcpy(held_ + used_, in, n);
			used_ += n;
			in += n;
			left -= offile_off_t(n);
			if (used_ == sizeof(held_))
				flush();
		}
		return length;
	}

	void flush() override
	{
		if (used_ && state_.good() && !put_(self_, held_, used_, err_)) {
			state_ = EC_InvalidStream;
			refused = true;
		}
		used_ = 0;
	}

	bool refused = false;           /* by put(), which set *err */

private:
	edit_put put_;
	void *self_;
	struct error *err_;
	OFCondition state_ = EC_Normal;
	size_t used_ = 0;
	char held_[65536];
};

class put_output : public DcmOutputStream {
public:
	explicit put_output(put_consumer *consumer) : DcmOutputStream(consumer)
	{
	}
};

bool is_ascii(const char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			return false;
	return true;
}

bool refuse_edit(struct error *err, uint32_t tag)
{
	return error_set(err, ERR_INTERNAL,
			 _("attribute %08x can't be written"), unsigned(tag));
}

uint32_t tag_of(const DcmElement *element)
{
	DcmTagKey key = element->getTag().getXTag();

	return uint32_t(key.getGroup()) << 16 | key.getElement();
}

typedef enum dicom_action (*edit_visit)(void *self,
					const struct dicom_element *e,
					char value[DICOM_VALUE]);

/* A private block of an item (PS3.5 7.8.1). */
struct private_block {
	bool has_creator;
	std::string creator;
	std::vector<struct dicom_reserved> reserved;
};

/* By (gggg,00bb) of the reservation. */
typedef std::map<uint32_t, private_block> block_map;

/* Where the reservation of a private attribute is; of one itself: there. */
uint32_t reservation_of(uint32_t tag)
{
	return tag & 0xff00 ? (tag & 0xffff0000) | (tag >> 8 & 0xff) : tag;
}

std::string creator_of(DcmElement *element, const std::string &charset)
{
	struct buffer text = { nullptr, 0, 0, false };
	std::string creator;

	if (value_text(element, charset, &text) && !text.failed && text.length)
		creator = text.data;
	buffer_done(&text);
	size_t first = creator.find_first_not_of(' ');
	size_t last = creator.find_last_not_of(' ');

	return first == std::string::npos ?
		       "" : creator.substr(first, last - first + 1);
}

/* Elements below (gggg,0010), and (gggg,0100) to (gggg,0FFF), are in none. */
bool is_in_block(uint32_t tag)
{
	return (tag >> 16 & 1) && (tag & 0xffff) >= 0x10 &&
	       ((tag & 0xff00) == 0 || (tag & 0xf000) != 0);
}

block_map blocks_of(DcmItem *item, const std::string &charset)
{
	block_map blocks;

	for (unsigned long i = 0; i < item->card(); i++) {
		DcmElement *element = item->getElement(i);
		uint32_t tag = tag_of(element);

		if (!is_in_block(tag))
			continue;
		private_block &block = blocks[reservation_of(tag)];

		if (!(tag & 0xff00)) {
			block.has_creator = true;
			block.creator = creator_of(element, charset);
			continue;
		}
		struct dicom_reserved one = {};

		one.element = uint8_t(tag);
		copy_text(one.vr, sizeof(one.vr),
			  DcmVR(element->getVR()).getValidVRName());
		one.length = element->getLengthField();
		block.reserved.push_back(one);
	}
	return blocks;
}

/* One walk over all elements. */
class walk {
public:
	walk(edit_visit visit, void *self, struct error *err)
		: visit_(visit), self_(self), err_(err)
	{
	}

	bool item(DcmItem *item, const std::string &parent_charset,
		  const std::string &prefix, int depth)
	{
		std::string charset = charset_of(item, parent_charset);
		block_map blocks = blocks_of(item, charset);
		unsigned long i = 0;

		while (i < item->card()) {
			DcmElement *element = item->getElement(i);
			bool removed = false;

			if (element->getTag().getElement() != 0 &&
			    !one(element, charset, prefix, depth, blocks,
				 &removed))
				return false;
			if (removed)
				delete item->remove(i);
			else
				i++;
		}
		return true;
	}

private:
	/* Show an element, do what the visitor says. */
	bool one(DcmElement *element, const std::string &charset,
		 const std::string &prefix, int depth, const block_map &blocks,
		 bool *removed)
	{
		std::string path = prefix +
				   step_of(element->getTag().getXTag());
		char value[DICOM_VALUE] = "";

		switch (show(element, charset, path, depth, blocks, value)) {
		case DICOM_KEEP:
			return into(element, charset, path, depth);
		case DICOM_REMOVE:
			*removed = true;
			return true;
		case DICOM_EMPTY:
			element->clear();
			return true;
		case DICOM_SET:
			if (is_ascii(value) && element->putString(value).good())
				return true;
			break;
		}
		return refuse_edit(err_, tag_of(element));
	}

	static void reserve(const block_map &blocks, struct dicom_element *e)
	{
		block_map::const_iterator at =
			blocks.find(reservation_of(e->tag));

		if (!is_in_block(e->tag) || at == blocks.end() ||
		    !at->second.has_creator)
			return;
		e->creator = at->second.creator.c_str();
		if (e->tag & 0xff00)
			return;
		e->reserved = at->second.reserved.data();
		e->reserved_count = at->second.reserved.size();
	}

	enum dicom_action show(DcmElement *element, const std::string &charset,
			       const std::string &path, int depth,
			       const block_map &blocks, char *value)
	{
		DcmSequenceOfItems *sequence =
			dynamic_cast<DcmSequenceOfItems *>(element);
		struct buffer text = { nullptr, 0, 0, false };
		struct dicom_element e = {};

		e.path = path.c_str();
		e.tag = tag_of(element);
		copy_text(e.vr, sizeof(e.vr),
			  DcmVR(element->getVR()).getValidVRName());
		e.depth = depth;
		e.is_private = element->getTag().getGroup() & 1;
		e.is_sequence = sequence;
		e.items = sequence ? int(sequence->card()) : 0;
		e.length = sequence ? 0 : element->getLengthField();
		reserve(blocks, &e);
		if (!sequence && value_text(element, charset, &text) &&
		    !text.failed)
			e.text = text.length ? text.data : "";
		std::vector<uint8_t> bytes(e.text || e.length > BYTES_MAX ?
						   0 : e.length);

		/* offset 0 and no cache: the value is read at once */
		if (!bytes.empty() &&
		    element->getPartialValue(bytes.data(), 0,
					     Uint32(bytes.size())).good())
			e.bytes = bytes.data();

		enum dicom_action action = visit_(self_, &e, value);

		buffer_done(&text);
		return action;
	}

	bool into(DcmElement *element, const std::string &charset,
		  const std::string &path, int depth)
	{
		DcmSequenceOfItems *sequence =
			dynamic_cast<DcmSequenceOfItems *>(element);

		for (unsigned long n = 0; sequence && n < sequence->card();
		     n++)
			if (!item(sequence->getItem(n), charset,
				  item_step(path, n), depth + 1))
				return false;
		return true;
	}

	edit_visit visit_;
	void *self_;
	struct error *err_;
};

/*
 * Take off the pixels and what follows them at the top level, from group 7FE0
 * on.  What goes with them besides is noted in *gone.
 */
void cut_pixels(DcmItem *data, std::vector<uint32_t> *gone)
{
	for (unsigned long i = data->card(); i > 0; i--) {
		uint32_t tag = tag_of(data->getElement(i - 1));

		if (tag < 0x7fe00000)
			break;
		if (tag > 0x7fe0ffff)
			gone->push_back(tag);
		delete data->remove(i - 1);
	}
}

/* Attributes of the meta header that are not written anew. */
void list_meta(DcmItem *meta, std::vector<uint32_t> *gone)
{
	static const uint32_t own[] = { 0x00020000, 0x00020001, 0x00020002,
					0x00020003, 0x00020010, 0x00020012,
					0x00020013 };

	for (unsigned long i = 0; meta && i < meta->card(); i++) {
		uint32_t tag = tag_of(meta->getElement(i));
		bool is_own = false;

		for (uint32_t one : own)
			is_own = is_own || tag == one;
		if (!is_own)
			gone->push_back(tag);
	}
}

/* An element of the meta header: explicit little endian, short VRs. */
void put_meta(std::string *out, unsigned element, const char *vr,
	      std::string value, char pad)
{
	if (value.size() % 2)
		value += pad;
	*out += { 2, 0, char(element & 0xff), char(element >> 8), vr[0],
		  vr[1], char(value.size() & 0xff), char(value.size() >> 8) };
	*out += value;
}

/* Preamble of zeros, "DICM" and group 0002 (PS3.10 7.1). */
std::string meta_header(const std::string &sop_class,
			const std::string &sop_instance, const char *uid)
{
	std::string group, head(128, '\0'), out;
	const char version[] = { 2, 0, 1, 0, 'O', 'B', 0, 0, 2, 0, 0, 0, 0,
				 1 };

	group.assign(version, sizeof(version));
	put_meta(&group, 0x0002, "UI", sop_class, '\0');
	put_meta(&group, 0x0003, "UI", sop_instance, '\0');
	put_meta(&group, 0x0010, "UI", uid, '\0');
	put_meta(&group, 0x0012, "UI", DICOM_IMPLEMENTATION_UID, '\0');
	put_meta(&group, 0x0013, "SH", DICOM_IMPLEMENTATION_VERSION, ' ');
	head += "DICM";
	put_meta(&out, 0x0000, "UL",
		 { char(group.size() & 0xff), char(group.size() >> 8), 0, 0 },
		 '\0');
	return head + out + group;
}

bool write_meta(DcmDataset *data, const char *uid, edit_put put, void *self,
		struct error *err)
{
	std::string sop_class = get_code(data, 0x00080016);
	std::string sop_instance = get_code(data, 0x00080018);
	DcmElement *element = find(data, 0x00080016);

	/* it stays as it is, so it is no text */
	if (!element || element->getVR() != EVR_UI ||
	    sop_class.find_first_not_of(uid_characters) != std::string::npos)
		return error_refuse(err, REASON_ATTRIBUTE_MISSING, nullptr,
				    0x00080016);

	if (sop_class.empty() || sop_instance.empty())
		return refuse_edit(err, sop_class.empty() ? 0x00080016 :
							    0x00080018);
	std::string meta = meta_header(sop_class, sop_instance, uid);

	return put(self, meta.data(), meta.size(), err);
}

/* How DCMTK has to write the data set of a file in this syntax. */
E_TransferSyntax data_syntax(const char *uid)
{
	const syntax *target = find_syntax(uid);

	if (target && target->dcmtk != EXS_Unknown)
		return target->dcmtk;
	return target && target->coding == NATIVE_GE ?
		       EXS_LittleEndianImplicit :
		       EXS_LittleEndianExplicit;
}

bool write_data(DcmDataset *data, const char *uid, edit_put put, void *self,
		struct error *err)
{
	std::unique_ptr<put_consumer> consumer(
		new put_consumer(put, self, err));
	put_output out(consumer.get());
	DcmWriteCache cache;

	data->transferInit();
	OFCondition status = data->write(out, data_syntax(uid),
					 EET_ExplicitLength, &cache,
					 EGL_withoutGL, EPD_withoutPadding);

	data->transferEnd();
	out.flush();
	if (consumer->refused)
		return false;
	if (status.bad() || !consumer->good())
		return error_set(err, ERR_INTERNAL,
				 _("the DICOM header can't be written"));
	return true;
}

/* The element head of the pixels as a file of this syntax has it. */
void make_head(const dicom *d, struct dicom_pixels *out)
{
	bool big = d->coding->dcmtk == EXS_BigEndianExplicit;
	bool implicit = data_syntax(d->coding->uid) ==
			EXS_LittleEndianImplicit;
	unsigned long length = (unsigned long)(out->length +
					       out->length % 2);
	unsigned char *p = out->head;
	const char *vr = d->pixels->getVR() == EVR_OB ? "OB" :
			 d->pixel_tag == 0x7fe00008 ? "OF" :
			 d->pixel_tag == 0x7fe00009 ? "OD" : "OW";
	const unsigned parts[] = { DICOM_GROUP(d->pixel_tag),
				   DICOM_ELEMENT(d->pixel_tag) };

	for (unsigned part : parts) {
		*p++ = (unsigned char)(big ? part >> 8 : part & 0xff);
		*p++ = (unsigned char)(big ? part & 0xff : part >> 8);
	}
	if (!implicit) {
		*p++ = (unsigned char)vr[0];
		*p++ = (unsigned char)vr[1];
		*p++ = 0;
		*p++ = 0;
	}
	for (int i = 0; i < 4; i++)
		*p++ = (unsigned char)(length >> 8 * (big ? 3 - i : i));
	out->head_length = int(p - out->head);
}

bool locate_pixels(const struct image *image, struct dicom_pixels *out,
		   struct error *err)
{
	const dicom *d = image->info.format == IMAGE_DICOM ?
				 state_of(image) : nullptr;

	*out = {};
	if (!d || !is_native(d->coding->coding))
		return error_refuse(err, REASON_SYNTAX_NO_WRITE,
				    image->info.syntax, 0);
	out->tag = d->pixel_tag;
	out->offset = value_offset(d->pixels);
	out->length = d->pixels->getLengthField();
	out->deflated = d->deflated;
	out->big_endian = d->form.big_endian;
	out->swapped_bytes = is_swapped(d);
	make_head(d, out);
	return true;
}

} /* namespace */

struct dicom_edit {
	bool unread = false;            /* as of struct dicom */
	DcmFileFormat file;
	std::vector<uint32_t> gone;
};

/* ---- for format.h and format_dicom.h: nothing may throw out of here ---- */

static bool fail_thrown(struct error *err)
{
	return error_refuse(err, REASON_NO_MEMORY, nullptr, 0);
}

extern "C" {

/*
 * "DICM" after the preamble, or a data set that begins with group 0002 or
 * 0008 and an even, small length or a value representation.
 */
static bool dicom_probe(const uint8_t *head, size_t length)
{
	if (length >= 132 && std::memcmp(head + 128, "DICM", 4) == 0)
		return true;
	if (length < 16)
		return false;
	bool big = head[0] == 0;
	unsigned group = big ? head[1] : head[0];
	unsigned other = big ? head[0] : head[1];
	bool vr = head[4] >= 'A' && head[4] <= 'Z' && head[5] >= 'A' &&
		  head[5] <= 'Z';
	bool small = head[5] == 0 && head[6] == 0 && head[7] == 0 &&
		     head[4] % 2 == 0;

	return other == 0 && (group == 2 || group == 8) &&
	       head[big ? 2 : 3] == 0 && (vr || (!big && small));
}

static void dicom_close(struct image *image)
{
	try {
		delete state_of(image);
	} catch (...) {
		return;
	}
}

static bool dicom_open(struct image *image, struct error *err)
{
	try {
		return open_file(image, err);
	} catch (...) {
		return fail_thrown(err);
	}
}

static struct frame *dicom_frame(struct image *image, int frame_index,
				 struct error *err)
{
	try {
		return read_frame(image, frame_index, err);
	} catch (...) {
		fail_thrown(err);
		return nullptr;
	}
}

static bool dicom_overlay(struct image *image, int index, int frame_index,
			  uint8_t *plane, bool *outside, struct error *err)
{
	const struct image_info *info = &image->info;
	const struct image_overlay *o = &info->overlay[index];

	try {
		std::memset(plane, 0, size_t(info->columns) *
				      size_t(info->rows));
		*outside = false;
		if (frame_index < o->first_frame ||
		    frame_index - o->first_frame >= o->frames)
			return true;
		if (o->bit >= 0)
			return draw_embedded(image, o, frame_index, plane,
					     err);
		return draw_plane(image, o, frame_index, plane, outside, err);
	} catch (...) {
		return fail_thrown(err);
	}
}

static bool dicom_unused_bits(struct image *image, int frame_index,
			      uint8_t *plane, bool *any, struct error *err)
{
	try {
		cell_form form;

		if (!may_have_unused(image, frame_index))
			return true;
		uint8_t *cells = frame_cells(image, frame_index, &form, err);

		if (!cells)
			return false;
		*any = cells_unused_bits(&form, cells, plane);
		std::free(cells);
		return true;
	} catch (...) {
		return fail_thrown(err);
	}
}

static char *dicom_attribute(const struct image *image, const char *path)
{
	try {
		return attribute_text(state_of(image)->data(), path);
	} catch (...) {
		state_of(image)->unread = true;
		return nullptr;
	}
}

static void dicom_each_text(const struct image *image,
			    bool (*visit)(void *self, const char *path,
					  const char *vr, const char *value),
			    void *self)
{
	try {
		each_text(state_of(image)->data(), "", "", visit, self);
	} catch (...) {
		state_of(image)->unread = true;
	}
}

static bool dicom_unread(const struct image *image)
{
	return state_of(image)->unread;
}

const struct format format_dicom = {
	IMAGE_DICOM, dicom_probe, dicom_open, dicom_frame, dicom_close,
	dicom_overlay, dicom_unused_bits, dicom_attribute, dicom_each_text,
	dicom_unread,
};

bool dicom_warm_up(struct error *err)
{
	try {
		silence_dcmtk();
		if (!dcmDataDict.isDictionaryLoaded())
			return error_set(err, ERR_INTERNAL,
					 _("DCMTK has no data dictionary"));
		DJDecoderRegistration::registerCodecs(
			EDC_photometricInterpretation, EUC_never,
			EPC_colorByPixel);
		DJLSDecoderRegistration::registerCodecs(
			EJLSUC_never, EJLSPC_colorByPixel);
		DJEncoderRegistration::registerCodecs(
			ECC_lossyYCbCr, EUC_never, OFTrue);
		/* raw: the cells as they are, not as displayed */
		DJLSEncoderRegistration::registerCodecs(
			0, 0, 0, 0, OFFalse, 0, OFTrue, EJLSUC_never);
		return true;
	} catch (...) {
		return error_set(err, ERR_INTERNAL, _("DCMTK does not start"));
	}
}

bool dicom_find_pixels(const struct image *image, struct dicom_pixels *pixels,
		       struct error *err)
{
	try {
		return locate_pixels(image, pixels, err);
	} catch (...) {
		return fail_thrown(err);
	}
}

bool dicom_read_pixels(const struct image *image, unsigned long long offset,
		       void *out, size_t length, struct error *err)
{
	try {
		const dicom *d = image->info.format == IMAGE_DICOM ?
					 state_of(image) : nullptr;

		if (!d || !is_native(d->coding->coding))
			return error_refuse(err, REASON_SYNTAX_NO_WRITE,
					    image->info.syntax, 0);
		return read_value(image, d->pixels, offset, out, length, err);
	} catch (...) {
		return fail_thrown(err);
	}
}

/* The state of an encapsulated DICOM file; nullptr for any other image. */
static const dicom *encapsulated(const struct image *image)
{
	if (image->info.format != IMAGE_DICOM || !image->info.encapsulated)
		return nullptr;
	return state_of(image);
}

static enum dicom_coding coding_of(codec coding)
{
	switch (coding) {
	case ENCAPSULATED: return DICOM_PLAIN;
	case DEFLATED_FRAME: return DICOM_DEFLATE;
	case RLE: return DICOM_RLE;
	case JPEG: return DICOM_JPEG;
	case JPEG_LS: return DICOM_JPEG_LS;
	case J2K: return DICOM_J2K;
	default: return DICOM_NATIVE;
	}
}

bool dicom_fragments(const struct image *image, struct dicom_fragments *all)
{
	try {
		const dicom *d = encapsulated(image);

		*all = {};
		if (!d)
			return false;
		DcmDataset *data = state_of(image)->data();

		all->coding = coding_of(d->coding->coding);
		all->count = d->fragments.size();
		all->basic = d->table->getLength() / 4;
		all->extended = find(data, 0x7fe00001) ||
				find(data, 0x7fe00002);
		return true;
	} catch (...) {
		return false;
	}
}

void dicom_frame_fragments(const struct image *image, int frame_index,
			   size_t *first, size_t *count)
{
	const dicom *d = encapsulated(image);
	size_t frame = size_t(frame_index);

	*first = *count = 0;
	if (!d || frame_index < 0 || frame + 1 >= d->first.size())
		return;
	*first = d->first[frame];
	*count = d->first[frame + 1] - *first;
}

size_t dicom_fragment_length(const struct image *image, size_t fragment)
{
	const dicom *d = encapsulated(image);

	return d && fragment < d->fragments.size() ?
		       d->fragments[fragment].length : 0;
}

long long dicom_fragment_offset(const struct image *image, size_t fragment)
{
	const dicom *d = encapsulated(image);

	return d && fragment < d->fragments.size() ?
		       value_offset(d->fragments[fragment].item) : -1;
}

bool dicom_fragment_read(const struct image *image, size_t fragment,
			 size_t offset, void *data, size_t length,
			 struct error *err)
{
	try {
		const dicom *d = encapsulated(image);
		size_t whole = dicom_fragment_length(image, fragment);

		if (!d || offset > whole || length > whole - offset)
			return error_refuse(err, REASON_TRUNCATED, nullptr,
					    0);
		return length == 0 ||
		       read_value(image, d->fragments[fragment].item, offset,
				  data, length, err);
	} catch (...) {
		return fail_thrown(err);
	}
}

bool dicom_offset(const struct image *image, enum dicom_table table, size_t i,
		  uint64_t *value)
{
	try {
		const dicom *d = encapsulated(image);
		size_t width = table == DICOM_BASIC_OFFSETS ? 4 : 8;
		uint8_t bytes[8] = { 0 };
		struct error ignored;

		if (!d)
			return false;
		DcmElement *element =
			table == DICOM_BASIC_OFFSETS ? d->table :
			find(state_of(image)->data(),
			     table == DICOM_EXTENDED_OFFSETS ? 0x7fe00001 :
							       0x7fe00002);

		if (!element || i >= element->getLength() / width ||
		    !read_value(image, element, i * width, bytes, width,
				&ignored))
			return false;
		*value = 0;
		for (size_t n = width; n > 0; n--)
			*value = *value << 8 | bytes[n - 1];
		return true;
	} catch (...) {
		return false;
	}
}

uint8_t *dicom_frame_stream(const struct image *image, int frame_index,
			    size_t *length, struct error *err)
{
	uint8_t *stream = nullptr;

	try {
		const dicom *d = encapsulated(image);

		if (!d || frame_index < 0 ||
		    frame_index >= image->info.frames) {
			error_set(err, ERR_RANGE, _("there is no frame %d"),
				  frame_index + 1);
			return nullptr;
		}
		*length = stream_length(d, frame_index);
		/* an empty one too: whatever reads it will refuse it */
		stream = static_cast<uint8_t *>(mem_array(*length + 1, 1));
		if (!stream) {
			error_set(err, ERR_MEMORY,
				  _("no memory for a picture"));
			return nullptr;
		}
		if (read_fragments(image, frame_index, stream, err))
			return stream;
	} catch (...) {
		fail_thrown(err);
	}
	std::free(stream);
	return nullptr;
}

bool dicom_stream_read(const struct image *image, const uint8_t *stream,
		       size_t length, struct dicom_stream *about,
		       struct error *err)
{
	try {
		*about = {};
		return encapsulated(image) ?
			       read_about(image, stream, length, about, err) :
			       error_refuse(err, REASON_NO_PIXELS, nullptr, 0);
	} catch (...) {
		return fail_thrown(err);
	}
}

void dicom_cell_form(const struct image *image, struct cell_form *form)
{
	*form = state_of(image)->form;
}

uint8_t *dicom_frame_cells(const struct image *image, int frame_index,
			   struct cell_form *form, struct error *err)
{
	try {
		return frame_cells(image, frame_index, form, err);
	} catch (...) {
		fail_thrown(err);
		return nullptr;
	}
}

uint8_t *dicom_encode(enum dicom_coding coding, const struct cell_form *form,
		      const uint8_t *cells, size_t *length, struct error *err)
{
	try {
		return encode_cells(coding, form, cells, length, err);
	} catch (...) {
		fail_thrown(err);
		return nullptr;
	}
}

struct dicom_edit *dicom_edit_open(int fd, struct error *err)
{
	try {
		struct stat st;

		if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
			error_refuse(err, REASON_UNREADABLE, nullptr, 0);
			return nullptr;
		}
		std::unique_ptr<dicom_edit> edit(new dicom_edit);

		if (!parse(&edit->file, fd, st.st_size, DCM_MaxReadLength,
			   nullptr, &edit->unread, err))
			return nullptr;
		cut_pixels(edit->file.getDataset(), &edit->gone);
		list_meta(edit->file.getMetaInfo(), &edit->gone);
		return edit.release();
	} catch (...) {
		fail_thrown(err);
		return nullptr;
	}
}

void dicom_edit_close(struct dicom_edit *edit)
{
	try {
		delete edit;
	} catch (...) {
		return;
	}
}

bool dicom_edit_walk(struct dicom_edit *edit,
		     enum dicom_action (*visit)(void *self,
						const struct dicom_element *e,
						char value[DICOM_VALUE]),
		     void *self, struct error *err)
{
	try {
		return walk(visit, self, err)
			.item(edit->file.getDataset(), "", "", 0);
	} catch (...) {
		return fail_thrown(err);
	}
}

void dicom_tag_name(uint32_t tag, char *name, size_t size)
{
	std::snprintf(name, size, "%s", "");
	try {
		DcmTag known(Uint16(DICOM_GROUP(tag)),
			     Uint16(DICOM_ELEMENT(tag)));
		const char *found = known.getTagName();

		if (found && std::strcmp(found, DcmTag_ERROR_TagName) != 0)
			std::snprintf(name, size, "%s", found);
	} catch (...) {
		std::snprintf(name, size, "%s", "");
	}
}

uint32_t dicom_edit_gone(const struct dicom_edit *edit, size_t i)
{
	return i < edit->gone.size() ? edit->gone[i] : 0;
}

char *dicom_edit_get(const struct dicom_edit *edit, const char *path)
{
	try {
		/* DCMTK's finding is not const */
		DcmFileFormat &file = const_cast<dicom_edit *>(edit)->file;

		return attribute_text(file.getDataset(), path);
	} catch (...) {
		return nullptr;
	}
}

bool dicom_edit_set(struct dicom_edit *edit, uint32_t tag, const char *vr,
		    const char *text, struct error *err)
{
	try {
		DcmElement *element = nullptr;
		DcmTag key(key_of(tag), DcmVR(vr));

		if (!is_ascii(text) ||
		    DcmItem::newDicomElementWithVR(element, key).bad())
			return refuse_edit(err, tag);
		if (element->putString(text).good() &&
		    edit->file.getDataset()->insert(element, OFTrue).good())
			return true;
		delete element;
		return refuse_edit(err, tag);
	} catch (...) {
		return fail_thrown(err);
	}
}

bool dicom_edit_remove(struct dicom_edit *edit, uint32_t tag)
{
	try {
		return edit->file.getDataset()
			->findAndDeleteElement(key_of(tag)).good();
	} catch (...) {
		return false;
	}
}

bool dicom_edit_add_code(struct dicom_edit *edit, uint32_t tag,
			 const char *value, const char *scheme,
			 const char *meaning, struct error *err)
{
	try {
		DcmItem *item = nullptr;

		/* -2: a new item at the end */
		if (edit->file.getDataset()
			    ->findOrCreateSequenceItem(key_of(tag), item, -2)
			    .bad() ||
		    item->putAndInsertString(DCM_CodeValue, value).bad() ||
		    item->putAndInsertString(DCM_CodingSchemeDesignator,
					     scheme).bad() ||
		    item->putAndInsertString(DCM_CodeMeaning, meaning).bad())
			return refuse_edit(err, tag);
		return true;
	} catch (...) {
		return fail_thrown(err);
	}
}

bool dicom_edit_write_meta(struct dicom_edit *edit, const char *syntax,
			   bool (*put)(void *self, const void *data,
				       size_t length, struct error *err),
			   void *self, struct error *err)
{
	try {
		return write_meta(edit->file.getDataset(), syntax, put, self,
				  err);
	} catch (...) {
		return fail_thrown(err);
	}
}

bool dicom_edit_write_data(struct dicom_edit *edit, const char *syntax,
			   bool (*put)(void *self, const void *data,
				       size_t length, struct error *err),
			   void *self, struct error *err)
{
	try {
		return write_data(edit->file.getDataset(), syntax, put, self,
				  err) &&
		       (!edit->unread ||
			error_refuse(err, REASON_UNREADABLE, nullptr, 0));
	} catch (...) {
		return fail_thrown(err);
	}
}

} /* extern "C" */

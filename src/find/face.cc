/*
 * face.cc - the face networks through OpenCV DNN.  Nothing thrown leaves this
 * file: every function of face.h that calls the library ends in a catch.
 */
#include "config.h"

#include "find/face.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <malloc.h>
#include <new>
#include <string>
#include <utility>
#include <vector>

#include <opencv2/core.hpp>
#include <opencv2/core/utils/logger.hpp>
#include <opencv2/dnn.hpp>
#include <opencv2/imgproc.hpp>

#include "base/mem.h"

namespace {

/* The inputs, fixed in the files. */
constexpr int RFB_WIDE = 320, RFB_HIGH = 240, BLAZE_SIDE = 256;
/* Answers: RFB's priors; BlazeFace's two grids (side, boxes a cell). */
enum { RFB_ANSWERS = 4420 };
enum { BLAZE_GRIDS = 2, BLAZE_VALUES = 16 };
struct grid { int side, boxes; const char *scores, *values; };
const grid grids[BLAZE_GRIDS] = {
	{ 16, 2, "Identity:0", "Identity_2:0" },
	{ 8, 6, "Identity_1:0", "Identity_3:0" },
};

/* Where a picture lies on the canvas that a network takes. */
struct letterbox {
	cv::Mat canvas;                 /* 8-bit RGB */
	double x, y, wide, high;        /* of the turned view on it, pixels */
	bool mirrored;                  /* the canvas, left to right */
};

/* Copy into `canvas` at x, y what of `part` lies on it. */
void put_part(cv::Mat &canvas, const cv::Mat &part, int x, int y)
{
	cv::Rect on(x, y, part.cols, part.rows);
	cv::Rect seen = on & cv::Rect(0, 0, canvas.cols, canvas.rows);

	if (seen.width > 0 && seen.height > 0)
		part(cv::Rect(seen.x - x, seen.y - y, seen.width,
			      seen.height)).copyTo(canvas(seen));
}

/* The pixels of the view that the picture has. */
cv::Rect inside(const face_view &view, const cv::Mat &picture)
{
	int x0 = (int)std::floor(std::max(view.x0, 0.));
	int y0 = (int)std::floor(std::max(view.y0, 0.));
	int x1 = (int)std::ceil(std::min(view.x1, (double)picture.cols));
	int y1 = (int)std::ceil(std::min(view.y1, (double)picture.rows));

	return cv::Rect(x0, y0, std::max(x1 - x0, 1), std::max(y1 - y0, 1)) &
	       cv::Rect(0, 0, picture.cols, picture.rows);
}

/* Shrink by area, which does not alias; enlarge smoothly. */
cv::Mat resized(const cv::Mat &from, int columns, int rows)
{
	cv::Mat to;

	columns = std::max(columns, 1);
	rows = std::max(rows, 1);
	cv::resize(from, to, cv::Size(columns, rows), 0, 0,
		   columns < from.cols ? cv::INTER_AREA : cv::INTER_LINEAR);
	return to;
}

/* What is inside a view, turned: its place in shares of the turned view. */
cv::Rect2d turned_place(const cv::Rect2d &p, int turns)
{
	switch (turns & 3) {
	case 1:
		return cv::Rect2d(1 - p.y - p.height, p.x, p.height, p.width);
	case 2:
		return cv::Rect2d(1 - p.x - p.width, 1 - p.y - p.height,
				  p.width, p.height);
	case 3:
		return cv::Rect2d(p.y, 1 - p.x - p.width, p.height, p.width);
	default:
		return p;
	}
}

/* The view, turned, in the middle of a canvas of wide x high. */
letterbox make_letterbox(const cv::Mat &picture, const face_view &view,
			 int wide, int high, int border)
{
	static const int codes[] = { 0, cv::ROTATE_90_CLOCKWISE,
				     cv::ROTATE_180,
				     cv::ROTATE_90_COUNTERCLOCKWISE };
	double w = view.x1 - view.x0, h = view.y1 - view.y0;
	bool lying = view.turns & 1;
	double scale = std::min(wide / (lying ? h : w), high / (lying ? w : h));
	cv::Rect part = inside(view, picture);
	cv::Mat small = resized(picture(part),
				(int)std::lround(part.width * scale),
				(int)std::lround(part.height * scale));
	cv::Rect2d place = turned_place(
		cv::Rect2d((part.x - view.x0) / w, (part.y - view.y0) / h,
			   part.width / w, part.height / h), view.turns);
	letterbox l;

	l.mirrored = view.mirrored;
	l.wide = (lying ? h : w) * scale;
	l.high = (lying ? w : h) * scale;
	l.x = (wide - l.wide) / 2;
	l.y = (high - l.high) / 2;
	l.canvas = cv::Mat(high, wide, CV_8UC3,
			   cv::Scalar(border, border, border));
	if (view.turns & 3)
		cv::rotate(small, small, codes[view.turns & 3]);
	put_part(l.canvas, small, (int)std::lround(l.x + place.x * l.wide),
		 (int)std::lround(l.y + place.y * l.high));
	if (l.mirrored)
		cv::flip(l.canvas, l.canvas, 1);
	return l;
}

face_point from_canvas(const letterbox &l, double x, double y)
{
	if (l.mirrored)
		x = l.canvas.cols - x;
	return { (x - l.x) / l.wide, (y - l.y) / l.high };
}

/* An answer in pixels of the canvas.  False: no memory. */
bool add_hit(const letterbox &l, double x0, double y0, double x1, double y1,
	     double score, const face_point *eyes, face_hits *hits)
{
	face_point a = from_canvas(l, x0, y0), b = from_canvas(l, x1, y1);
	face_hit hit = {};

	if (l.mirrored)
		std::swap(a.x, b.x);
	/* not a number, or nothing: no answer */
	if (!(b.x > a.x && b.y > a.y) ||
	    !std::isfinite(a.x + a.y + b.x + b.y))
		return true;
	hit.x0 = a.x, hit.y0 = a.y, hit.x1 = b.x, hit.y1 = b.y;
	hit.score = score;
	hit.has_eyes = eyes != nullptr;
	for (int i = 0; eyes && i < 2; i++)
		hit.eye[i] = from_canvas(l, eyes[i].x, eyes[i].y);
	return face_hits_add(hits, &hit);
}

void expect_size(const cv::Mat &m, size_t values)
{
	if (m.type() != CV_32F || m.total() != values || !m.isContinuous())
		throw cv::Exception(cv::Error::StsUnmatchedSizes,
				    "another network", "", "", 0);
}

/* (v - 127) / 128, planes of R, G, B. */
bool run_rfb(cv::dnn::Net &net, const letterbox &l, double least,
	     face_hits *hits)
{
	std::vector<cv::String> names = { "scores", "boxes" };
	std::vector<cv::Mat> out;

	net.setInput(cv::dnn::blobFromImage(l.canvas, 1 / 128., cv::Size(),
					    cv::Scalar(127, 127, 127)),
		     "input");
	net.forward(out, names);
	expect_size(out.at(0), 2 * RFB_ANSWERS);
	expect_size(out.at(1), 4 * RFB_ANSWERS);
	const float *score = out[0].ptr<float>(), *box = out[1].ptr<float>();
	for (int i = 0; i < RFB_ANSWERS; i++, box += 4)
		if (score[2 * i + 1] >= least &&
		    !add_hit(l, (double)box[0] * RFB_WIDE,
			     (double)box[1] * RFB_HIGH,
			     (double)box[2] * RFB_WIDE,
			     (double)box[3] * RFB_HIGH,
			     score[2 * i + 1], nullptr, hits))
			return false;
	return true;
}

/* Offsets from the middle of a cell, in pixels of the input. */
bool read_blaze(const letterbox &l, double x, double y, const float *v,
		double score, face_hits *hits)
{
	face_point eyes[2];

	for (int i = 0; i < 2; i++)
		eyes[i] = { x + (double)v[4 + 2 * i],
			    y + (double)v[5 + 2 * i] };
	x += (double)v[0], y += (double)v[1];
	return add_hit(l, x - (double)v[2] / 2, y - (double)v[3] / 2,
		       x + (double)v[2] / 2, y + (double)v[3] / 2, score,
		       eyes, hits);
}

bool read_grid(const letterbox &l, const grid &g, const cv::Mat &scores,
	       const cv::Mat &values, double least, face_hits *hits)
{
	int answers = g.side * g.side * g.boxes;
	double step = (double)BLAZE_SIDE / g.side;

	expect_size(scores, (size_t)answers);
	expect_size(values, (size_t)answers * BLAZE_VALUES);
	for (int i = 0; i < answers; i++) {
		double score = 1 / (1 + std::exp(
			-(double)scores.ptr<float>()[i]));
		int cell = i / g.boxes;

		if (score >= least &&
		    !read_blaze(l, (cell % g.side + .5) * step,
				(cell / g.side + .5) * step,
				values.ptr<float>() + i * BLAZE_VALUES, score,
				hits))
			return false;
	}
	return true;
}

/* v / 127.5 - 1, pixels of R, G, B: not what blobFromImage() makes. */
bool run_blaze(cv::dnn::Net &net, const letterbox &l, double least,
	       face_hits *hits)
{
	const int shape[] = { 1, BLAZE_SIDE, BLAZE_SIDE, 3 };
	std::vector<cv::String> names;
	std::vector<cv::Mat> out;
	cv::Mat input;

	l.canvas.convertTo(input, CV_32F, 1 / 127.5, -1);
	net.setInput(cv::Mat(4, shape, CV_32F, input.data), "input:0");
	for (const grid &g : grids) {
		names.push_back(g.scores);
		names.push_back(g.values);
	}
	net.forward(out, names);
	for (size_t i = 0; i < BLAZE_GRIDS; i++)
		if (!read_grid(l, grids[i], out.at(2 * i), out.at(2 * i + 1),
			       least, hits))
			return false;
	return true;
}

struct net_row {
	int wide, high, border;
	bool (*run)(cv::dnn::Net &net, const letterbox &l, double least,
		    face_hits *hits);
	const char *answers[2 * BLAZE_GRIDS];
};
const net_row net_rows[FACE_NETS] = {
	{ RFB_WIDE, RFB_HIGH, 127, run_rfb, { "scores", "boxes" } },
	{ BLAZE_SIDE, BLAZE_SIDE, 0, run_blaze,
	  { grids[0].scores, grids[0].values, grids[1].scores,
	    grids[1].values } },
};

/* In a handler: what was thrown. */
bool caught(error *err)
{
	try {
		throw;
	} catch (const std::bad_alloc &) {
		return error_set(err, ERR_MEMORY, "no memory");
	} catch (const cv::Exception &e) {
		if (e.code == cv::Error::StsNoMem)
			return error_set(err, ERR_MEMORY, "no memory");
		return error_set(err, ERR_INTERNAL, "OpenCV error %d", e.code);
	} catch (...) {
		return error_set(err, ERR_INTERNAL, "OpenCV failed");
	}
}

} /* namespace */

struct face_nets { cv::dnn::Net net[FACE_NETS]; };
struct face_picture { cv::Mat rgb; };

namespace {

/* A network that gives what is asked of it. */
cv::dnn::Net read_net(enum face_net which, const void *data, size_t size)
{
	cv::dnn::Net net = cv::dnn::readNetFromONNX(
		static_cast<const char *>(data), size);
	std::vector<cv::String> given = net.getUnconnectedOutLayersNames();

	for (const char *name : net_rows[which].answers)
		if (name && std::find(given.begin(), given.end(), name) ==
				    given.end())
			throw cv::Exception(cv::Error::StsBadArg,
					    "another network", "", "", 0);
	return net;
}

/* A picture of one pixel through a network. */
bool run_once(face_nets *nets, enum face_net net, error *err)
{
	static const uint8_t dot[3] = { 0, 0, 0 };
	const face_view all = { 0, 0, 1, 1, 0, false };
	face_picture *picture = face_picture_new(dot, 1, 1, 3, 1, err);
	face_hits hits = {};
	bool ok = picture != nullptr &&
		  face_nets_run(nets, net, picture, &all, 2, &hits, err);

	face_picture_free(picture);
	face_hits_done(&hits);
	return ok;
}

} /* namespace */

extern "C" {

bool face_hits_add(struct face_hits *hits, const struct face_hit *hit)
{
	if (!mem_grow(&hits->hit, &hits->capacity, hits->count, sizeof(*hit)))
		return false;
	hits->hit[hits->count++] = *hit;
	return true;
}

void face_hits_done(struct face_hits *hits)
{
	free(hits->hit);
	*hits = {};
}

void face_start(void)
{
	try {
		cv::utils::logging::setLogLevel(
			cv::utils::logging::LOG_LEVEL_SILENT);
		cv::setNumThreads(1);
	} catch (...) {
		/* the number of threads is checked by who starts them */
	}
}

void face_nets_free(struct face_nets *nets)
{
	try {
		delete nets;
	} catch (...) {
		/* nothing that could be done */
	}
}

/*
 * RFB, the quicker one, twice: what the library sets up at its first run of
 * any network stays, what a network keeps for its layers since its own, 8 MiB,
 * goes with the first one; each worker has that of its own.
 */
struct face_nets *face_nets_new(const void *const data[FACE_NETS],
				const size_t size[FACE_NETS],
				struct error *err)
{
	struct face_nets *nets = nullptr;

	try {
		nets = new face_nets;
		nets->net[FACE_RFB] = read_net(FACE_RFB, data[FACE_RFB],
					       size[FACE_RFB]);
		if (run_once(nets, FACE_RFB, err)) {
			for (int i = 0; i < FACE_NETS; i++)
				nets->net[i] = read_net((enum face_net)i,
							data[i], size[i]);
			malloc_trim(0);
			return nets;
		}
	} catch (...) {
		caught(err);
	}
	face_nets_free(nets);
	return nullptr;
}

struct face_picture *face_picture_new(const uint8_t *pixel, int columns,
				      int rows, int channels,
				      long long most_pixels,
				      struct error *err)
{
	struct face_picture *picture = nullptr;
	double shrink = 1;

	if (columns < 1 || rows < 1 || (channels != 1 && channels != 3)) {
		error_set(err, ERR_RANGE, "no picture of %dx%dx%d", columns,
			  rows, channels);
		return nullptr;
	}
	if ((long long)columns * rows > most_pixels)
		shrink = std::sqrt((double)most_pixels /
				   ((double)columns * rows));
	try {
		/* only read, but the library knows no constant pictures */
		cv::Mat given(rows, columns, channels == 3 ? CV_8UC3 : CV_8UC1,
			      const_cast<uint8_t *>(pixel));

		picture = new face_picture;
		picture->rgb = shrink < 1 ?
			resized(given, (int)(columns * shrink),
				(int)(rows * shrink)) : given.clone();
		if (channels == 1)
			cv::cvtColor(picture->rgb, picture->rgb,
				     cv::COLOR_GRAY2RGB);
	} catch (...) {
		caught(err);
		face_picture_free(picture);
		picture = nullptr;
	}
	return picture;
}

void face_picture_free(struct face_picture *picture)
{
	try {
		delete picture;
	} catch (...) {
		/* nothing that could be done */
	}
}

int face_picture_columns(const struct face_picture *picture)
{
	return picture->rgb.cols;
}

int face_picture_rows(const struct face_picture *picture)
{
	return picture->rgb.rows;
}

bool face_nets_run(struct face_nets *nets, enum face_net net,
		   const struct face_picture *picture,
		   const struct face_view *view, double least,
		   struct face_hits *hits, struct error *err)
{
	const net_row &row = net_rows[net];

	if (!(view->x1 > view->x0) || !(view->y1 > view->y0))
		return error_set(err, ERR_RANGE, "an empty view");
	try {
		letterbox l = make_letterbox(picture->rgb, *view, row.wide,
					     row.high, row.border);

		if (!row.run(nets->net[net], l, least, hits))
			return error_set(err, ERR_MEMORY, "no memory");
		return true;
	} catch (...) {
		return caught(err);
	}
}

const char *face_library(void)
{
	return CV_VERSION;
}

} /* extern "C" */

// Package scrub makes an uploaded file fit to keep: it tells by the content, never by the name, what the file is, and takes out of
// photos what tells where, when and with what they were taken.
//
// A photo is copied segment by segment: what draws the picture stays, bit for bit, and everything else goes, known or not (EXIF with
// its GPS position and thumbnail, XMP, IPTC, comments, texts, and whatever follows the end of the picture). Only how the photo is to be turned
// is kept, in an EXIF block of its own. A PDF is kept as it is. What is none of the kinds, or is two things at once, is refused.
// Nothing is decoded, so no small file can cost much: time and space are those of the file.
package scrub

import (
	"bytes"

	"zhijian/ground/fault"
)

// Kind is what a file is by its content.
type Kind string

// The kinds, each of which can be told by its content.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	WebP Kind = "webp"
	PDF  Kind = "pdf"
)

// Photo reports a picture, as against a document.
func (k Kind) Photo() bool { return k == JPEG || k == PNG || k == WebP }

// MediaType is the kind's name on the web.
func (k Kind) MediaType() string {
	if k == PDF {
		return "application/pdf"
	}
	return "image/" + string(k)
}

// Extension ends the name of a file of the kind, dot included.
func (k Kind) Extension() string {
	if k == JPEG {
		return ".jpg"
	}
	return "." + string(k)
}

// maxPixels bounds a picture that somebody's browser will have to decode (security.md T64): 50 megapixels are 200 MB there.
const maxPixels = 50_000_000

// Clean tells what b is and gives what may be kept of it; b is not changed. fault.Invalid "file.empty", "file.kind" when it is
// nothing that is taken, "file.broken" when it begins as one of the kinds and does not go on as one, "file.pixels" for a picture of over
// 50 megapixels, "file.two" for a file that is two things at once.
func Clean(b []byte) (Kind, []byte, error) {
	switch {
	case len(b) == 0:
		return "", nil, fault.Invalid("file.empty", "这个文件是空的，请换一个")
	case bytes.HasPrefix(b, []byte{0xff, 0xd8, 0xff}):
		out, err := cleanJPEG(b)
		return JPEG, out, err
	case bytes.HasPrefix(b, pngHead):
		out, err := cleanPNG(b)
		return PNG, out, err
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		out, err := cleanWebP(b)
		return WebP, out, err
	case bytes.HasPrefix(b, []byte("%PDF-")):
		return PDF, b, checkPDF(b)
	}
	return "", nil, fault.Invalid("file.kind", "只能上传照片（JPG、PNG、WebP）或 PDF")
}

func broken() error {
	return fault.Invalid("file.broken", "这个文件读不出来，可能没有传完整，请换一个")
}

func tooManyPixels() error {
	return fault.Invalid("file.pixels", "这张照片太大了，请缩小后再上传")
}

// sized checks the size of a picture.
func sized(width, height int) error {
	switch {
	case width <= 0 || height <= 0:
		return broken()
	case width > maxPixels/height:
		return tooManyPixels()
	}
	return nil
}

// checkPDF wants the end of a PDF at the end of the file, and no ZIP archive behind or around it: a file that is two things is taken
// for a document here and for a program elsewhere.
func checkPDF(b []byte) error {
	end := bytes.TrimRight(b[max(0, len(b)-1024):], "\x00\t\n\f\r ")
	if !bytes.HasSuffix(end, []byte("%%EOF")) {
		return broken()
	}
	// The directory of a ZIP archive is found from the end, at most a comment of 64 KB before it.
	if bytes.Contains(b[max(0, len(b)-22-65_535):], []byte("PK\x05\x06")) {
		return fault.Invalid("file.two", "这个文件里还藏着别的文件，请换一个")
	}
	return nil
}

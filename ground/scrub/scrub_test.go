package scrub_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"zhijian/ground/fault"
	"zhijian/ground/scrub"
)

// secret stands for all that a file says besides its picture.
const secret = "N30.2741 E120.1551 home"

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 30))
	for i := range 40 * 30 {
		m.Set(i%40, i/40, color.RGBA{uint8(i), uint8(i * 3), uint8(i * 7), 255})
	}
	return m
}

func jpegBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// webpBytes is a picture of one pixel.
func webpBytes(t testing.TB) []byte {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zipBytes(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	f, err := w.Create(secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte(secret)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func app(mark byte, body string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, mark}, uint16(len(body)+2))
	return append(out, body...)
}

// exif is an EXIF body that says how to turn the photo, and then where it was taken.
func exif(order binary.AppendByteOrder, mark string, turn uint16) string {
	b := []byte("Exif\x00\x00" + mark)
	b = order.AppendUint16(b, 42)
	b = order.AppendUint32(b, 8)
	b = order.AppendUint16(b, 2)
	for _, e := range [][2]uint16{{0x010f, 1}, {0x0112, turn}} {
		b = order.AppendUint16(order.AppendUint16(b, e[0]), 3)
		b = order.AppendUint16(order.AppendUint32(b, 1), e[1])
		b = order.AppendUint16(b, 0)
	}
	return string(b) + "\x00\x00\x00\x00" + secret
}

func chunk(kind, body string) []byte {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	b = append(append(b, kind...), body...)
	return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

func webpChunk(kind, body string) []byte {
	b := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	b = append(b, body...)
	return append(b, make([]byte, len(body)%2)...)
}

func webpFile(chunks ...[]byte) []byte {
	body := join(chunks...)
	return join([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4)), []byte("WEBP"), body)
}

func samePicture(t *testing.T, decode func([]byte) (image.Image, error), a, b []byte) {
	t.Helper()
	x, err := decode(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := decode(b)
	if err != nil {
		t.Fatalf("what was kept does not open: %v", err)
	}
	for i := range 40 * 30 {
		if x.At(i%40, i/40) != y.At(i%40, i/40) {
			t.Fatalf("the picture changed at %d", i)
		}
	}
}

// TestPhotosTellNothing: where and with what a photo was taken goes, what it shows stays to the bit (security.md T58).
func TestPhotosTellNothing(t *testing.T) {
	t.Parallel()
	j, p := jpegBytes(t), pngBytes(t)
	head := len("\x89PNG\r\n\x1a\n") + 25 // with IHDR
	decodeJPEG := func(b []byte) (image.Image, error) { return jpeg.Decode(bytes.NewReader(b)) }
	decodePNG := func(b []byte) (image.Image, error) { return png.Decode(bytes.NewReader(b)) }
	for name, c := range map[string]struct {
		in, like []byte
		kind     scrub.Kind
		decode   func([]byte) (image.Image, error)
	}{
		"jpeg": {
			join(j[:2], app(0xe1, exif(binary.BigEndian, "MM", 1)), app(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret), app(0xed, "Photoshop 3.0\x00"+secret),
				app(0xe2, "MPF\x00"+secret), app(0xfe, secret), j[2:], []byte(secret)), j, scrub.JPEG, decodeJPEG,
		},
		"jpeg that is a zip": {join(j, zipBytes(t)), j, scrub.JPEG, decodeJPEG},
		"jpeg with a thumbnail": {
			join(j[:2], app(0xe0, "JFIF\x00\x01\x02\x00\x00\x01\x00\x01\x04\x02"+secret+secret), j[2:]), j, scrub.JPEG, decodeJPEG,
		},
		"png": {
			join(p[:head], chunk("tEXt", "Location\x00"+secret), chunk("eXIf", secret), chunk("zzZz", secret), p[head:], []byte(secret)), p, scrub.PNG, decodePNG,
		},
		"png that is a zip": {join(p, zipBytes(t)), p, scrub.PNG, decodePNG},
	} {
		kind, out, err := scrub.Clean(c.in)
		if err != nil || kind != c.kind {
			t.Errorf("%s: %s, %v", name, kind, err)
			continue
		}
		if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("PK\x05\x06")) {
			t.Errorf("%s still tells", name)
		}
		samePicture(t, c.decode, c.like, out)
	}
}

// TestPhotosStayUpright: a phone keeps photos as the sensor saw them and says in EXIF how to turn them.
func TestPhotosStayUpright(t *testing.T) {
	t.Parallel()
	j := jpegBytes(t)
	for name, body := range map[string]string{"big end first": exif(binary.BigEndian, "MM", 6), "little end first": exif(binary.LittleEndian, "II", 6)} {
		_, out, err := scrub.Clean(join(j[:2], app(0xe1, body), j[2:]))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(out, []byte("\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06")) || strings.Contains(string(out), secret) {
			t.Errorf("%s: not turned, or it tells", name)
		}
		_, again, err := scrub.Clean(out)
		if err != nil || !bytes.Equal(out, again) {
			t.Errorf("%s: cleaning twice is not cleaning once (%v)", name, err)
		}
	}
}

func TestWebP(t *testing.T) {
	t.Parallel()
	plain := webpBytes(t)
	kind, out, err := scrub.Clean(plain)
	if err != nil || kind != scrub.WebP || !bytes.Equal(out, plain) {
		t.Fatalf("%s %v %x", kind, err, out)
	}
	told := webpFile(webpChunk("VP8X", "\x2c\x00\x00\x00\x00\x00\x00\x00\x00\x00"), webpChunk("ICCP", "icc"), plain[12:], webpChunk("EXIF", secret), webpChunk("XMP ", secret+"."))
	kind, out, err = scrub.Clean(join(told, []byte(secret)))
	want := webpFile(webpChunk("VP8X", "\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00"), webpChunk("ICCP", "icc"), plain[12:])
	if err != nil || kind != scrub.WebP || !bytes.Equal(out, want) {
		t.Errorf("%s %v\n%x\n%x", kind, err, out, want)
	}
}

func TestPDFsStayAsTheyAre(t *testing.T) {
	t.Parallel()
	in := []byte("%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\r\n")
	kind, out, err := scrub.Clean(in)
	if err != nil || kind != scrub.PDF || !bytes.Equal(in, out) {
		t.Errorf("%s %v", kind, err)
	}
}

// TestWhatIsNotTaken: what a browser would run, what is two things at once, and what would need much room to draw (security.md T76, T64).
func TestWhatIsNotTaken(t *testing.T) {
	t.Parallel()
	j, p := jpegBytes(t), pngBytes(t)
	wide := bytes.Clone(j)
	i := bytes.Index(wide, []byte{0xff, 0xc0})
	copy(wide[i+5:], "\xff\xff\xff\xff")
	damaged := bytes.Clone(p)
	damaged[len(damaged)-20] ^= 1
	pdf := "%PDF-1.4\n%%EOF\n"
	for name, c := range map[string]struct{ in, code string }{
		"nothing":                  {"", "file.empty"},
		"text":                     {"hello", "file.kind"},
		"html":                     {"<!doctype html><script>alert(1)</script>", "file.kind"},
		"svg":                      {`<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "file.kind"},
		"zip":                      {string(zipBytes(t)), "file.kind"},
		"program":                  {"MZ\x90\x00", "file.kind"},
		"gif":                      {"GIF89a\x01\x00\x01\x00", "file.kind"},
		"heic":                     {"\x00\x00\x00\x18ftypheic", "file.kind"},
		"pdf not at its start":     {"<html>" + pdf, "file.kind"},
		"pdf without an end":       {"%PDF-1.4\nendobj\n", "file.broken"},
		"pdf before a zip":         {pdf + string(zipBytes(t)), "file.broken"},
		"pdf that is a zip":        {pdf + string(zipBytes(t)) + "%%EOF", "file.two"},
		"half a jpeg":              {string(j[:len(j)/2]), "file.broken"},
		"head of a jpeg":           {"\xff\xd8\xff", "file.broken"},
		"jpeg of nothing":          {"\xff\xd8\xff\xd9", "file.broken"},
		"jpeg too wide":            {string(wide), "file.pixels"},
		"half a png":               {string(p[:len(p)/2]), "file.broken"},
		"damaged png":              {string(damaged), "file.broken"},
		"png without its head":     {string(join(p[:8], p[33:])), "file.broken"},
		"png of another world":     {string(join(p[:33], chunk("NEWc", "x"), p[33:])), "file.broken"},
		"png too wide":             {"\x89PNG\r\n\x1a\n" + string(chunk("IHDR", "\x7f\xff\xff\xff\x7f\xff\xff\xff\x08\x06\x00\x00\x00")), "file.pixels"},
		"webp longer than it":      {"RIFF\xff\x00\x00\x00WEBPVP8 ", "file.broken"},
		"webp shorter than a head": {"RIFF\x03\x00\x00\x00WEBP", "file.broken"},
		"webp animation":           {string(webpFile(webpChunk("VP8X", "\x02\x00\x00\x00\x00\x00\x00\x00\x00\x00"), webpChunk("ANMF", "x"))), "file.broken"},
		"webp chunk too long":      {string(webpFile([]byte("VP8L\xff\xff\xff\xff"))), "file.broken"},
	} {
		_, _, err := scrub.Clean([]byte(c.in))
		if f := fault.Of(err); f == nil || f.Code != c.code {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
	}
}

// FuzzClean: whatever comes, nothing breaks, nothing grows, and what was cleaned is clean.
func FuzzClean(f *testing.F) {
	j := jpegBytes(f)
	f.Add(join(j[:2], app(0xe1, exif(binary.LittleEndian, "II", 3)), j[2:]))
	f.Add(pngBytes(f))
	f.Add(webpBytes(f))
	f.Add([]byte("%PDF-1.4\n%%EOF"))
	f.Fuzz(func(t *testing.T, in []byte) {
		kind, out, err := scrub.Clean(in)
		if err != nil {
			if !fault.Is(err, fault.KindInvalid) {
				t.Fatal(err)
			}
			return
		}
		if len(out) > len(in) {
			t.Fatalf("%d bytes became %d", len(in), len(out))
		}
		again, twice, err := scrub.Clean(out)
		if err != nil || again != kind || !bytes.Equal(out, twice) {
			t.Fatalf("clean is not clean: %s %s %v", kind, again, err)
		}
	})
}

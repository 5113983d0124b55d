package scrub

import (
	"encoding/binary"
	"hash/crc32"
)

// pngHead begins a PNG file.
var pngHead = []byte("\x89PNG\r\n\x1a\n")

// pngDraws lists the chunks without which a PNG picture looks otherwise (W3C PNG, third edition). Texts, times and EXIF are not
// among them, nor the frames of an animation: its first picture is kept.
func pngDraws(kind string) bool {
	switch kind {
	case "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs", "cICP":
		return true
	}
	return false
}

// cleanPNG copies the chunks that draw the picture, up to its end.
func cleanPNG(b []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(b)), pngHead...)
	headed, drawn := false, false
	for rest := b[len(pngHead):]; len(rest) >= 12; {
		n := int64(binary.BigEndian.Uint32(rest))
		if n > int64(len(rest)-12) {
			return nil, broken()
		}
		whole, kind, body := rest[:12+n], string(rest[4:8]), rest[8:8+n]
		if crc32.ChecksumIEEE(whole[4:8+n]) != binary.BigEndian.Uint32(whole[8+n:]) {
			return nil, broken()
		}
		switch {
		case headed == (kind == "IHDR"):
			return nil, broken() // the head comes first, and once
		case kind == "IHDR":
			if len(body) != 13 {
				return nil, broken()
			}
			if err := sized(int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))); err != nil {
				return nil, err
			}
			headed = true
		case kind == "IDAT":
			drawn = true
		case kind == "IEND" && drawn:
			return append(out, whole...), nil
		case kind == "IEND":
			return nil, broken()
		}
		if pngDraws(kind) {
			out = append(out, whole...)
		} else if kind[0] < 'a' {
			return nil, broken() // a chunk that must be understood and is not
		}
		rest = rest[12+n:]
	}
	return nil, broken()
}

package scrub

import "encoding/binary"

// Flags of an extended WebP file's head (RFC 9649, section 2.7.1).
const (
	webpAlpha = 0x10
	webpICC   = 0x20
)

// cleanWebP copies the chunks that draw a still picture. An animation has none and is refused.
func cleanWebP(b []byte) ([]byte, error) {
	end := 8 + int64(binary.LittleEndian.Uint32(b[4:]))
	if end < 12 || end > int64(len(b)) {
		return nil, broken()
	}
	out := append(make([]byte, 0, end), b[:12]...)
	drawn := false
	for rest := b[12:end]; len(rest) >= 8; {
		n := int64(binary.LittleEndian.Uint32(rest[4:]))
		padded := 8 + n + n&1
		if padded > int64(len(rest)) {
			return nil, broken()
		}
		kind, body := string(rest[:4]), rest[8:8+n]
		switch kind {
		case "VP8 ", "VP8L", "VP8X":
			width, height := webpSize(kind, body)
			if err := sized(width, height); err != nil {
				return nil, err
			}
			drawn = drawn || kind != "VP8X"
			at := len(out)
			out = append(out, rest[:padded]...)
			if kind == "VP8X" { // what it says of EXIF, XMP and animation is no longer true
				out[at+8] &= webpAlpha | webpICC
			}
		case "ICCP", "ALPH":
			out = append(out, rest[:padded]...)
		}
		rest = rest[padded:]
	}
	if !drawn {
		return nil, broken()
	}
	binary.LittleEndian.PutUint32(out[4:], uint32(len(out)-8))
	return out, nil
}

// webpSize reads the size of a picture from a chunk; 0, 0 when it does not say.
func webpSize(kind string, b []byte) (width, height int) {
	switch {
	case kind == "VP8X" && len(b) >= 10:
		return 1 + (int(b[4]) | int(b[5])<<8 | int(b[6])<<16), 1 + (int(b[7]) | int(b[8])<<8 | int(b[9])<<16)
	case kind == "VP8L" && len(b) >= 5 && b[0] == 0x2f:
		bits := binary.LittleEndian.Uint32(b[1:])
		return 1 + int(bits&0x3fff), 1 + int(bits>>14&0x3fff)
	case kind == "VP8 " && len(b) >= 10 && b[3] == 0x9d && b[4] == 0x01 && b[5] == 0x2a:
		return int(binary.LittleEndian.Uint16(b[6:]) & 0x3fff), int(binary.LittleEndian.Uint16(b[8:]) & 0x3fff)
	}
	return 0, 0
}

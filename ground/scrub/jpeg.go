package scrub

import (
	"bytes"
	"encoding/binary"
)

// Markers of a JPEG file (ITU-T T.81, table B.1).
const (
	markDHT  = 0xc4
	markJPG  = 0xc8
	markDAC  = 0xcc
	markRST0 = 0xd0
	markRST7 = 0xd7
	markSOI  = 0xd8
	markEOI  = 0xd9
	markSOS  = 0xda
	markDQT  = 0xdb
	markDRI  = 0xdd
	markAPP0 = 0xe0
)

// segment is one marker with what belongs to it.
type segment struct {
	mark byte
	body []byte
}

// cleanJPEG copies the segments that draw the picture, up to its end.
func cleanJPEG(b []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(b)), 0xff, markSOI)
	turn, framed, drawn := 0, false, false
	for rest := b[2:]; ; {
		s, after, ok := nextSegment(rest)
		if !ok {
			return nil, broken()
		}
		rest = after
		switch {
		case s.mark == markEOI && framed && drawn:
			return turned(append(out, 0xff, markEOI), turn), nil
		case s.mark == markEOI:
			return nil, broken()
		case s.mark == markAPP0+1 && turn == 0:
			turn = orientation(s.body)
		case s.isFrame():
			framed = true
			if err := s.sized(); err != nil {
				return nil, err
			}
			out = s.write(out)
		case s.mark == markSOS:
			n := scanLength(rest)
			out = append(s.write(out), rest[:n]...)
			rest, drawn = rest[n:], true
		case s.draws():
			out = s.write(out)
		}
	}
}

// nextSegment reads a marker and its body; ok is false when there is none.
func nextSegment(b []byte) (s segment, rest []byte, ok bool) {
	if len(b) < 2 || b[0] != 0xff {
		return s, nil, false
	}
	for len(b) > 1 && b[1] == 0xff { // a marker may be filled up to its place
		b = b[1:]
	}
	if len(b) < 2 {
		return s, nil, false
	}
	if s.mark, b = b[1], b[2:]; s.mark == markEOI {
		return s, b, true
	}
	if s.mark < markDHT-4 || s.mark >= markRST0 && s.mark <= markSOI || len(b) < 2 {
		return s, nil, false
	}
	n := int(binary.BigEndian.Uint16(b))
	if n < 2 || n > len(b) {
		return s, nil, false
	}
	s.body = b[2:n]
	return s, b[n:], true
}

// scanLength is how far the coded picture reaches: to the next marker that is not part of it.
func scanLength(b []byte) int {
	for i := 0; i+1 < len(b); i++ {
		if b[i] != 0xff {
			continue
		}
		if m := b[i+1]; m != 0 && m != 0xff && (m < markRST0 || m > markRST7) {
			return i
		}
	}
	return len(b)
}

// isFrame reports a frame's head, which holds the picture's size.
func (s segment) isFrame() bool {
	return s.mark >= 0xc0 && s.mark <= 0xcf && s.mark != markDHT && s.mark != markJPG && s.mark != markDAC
}

func (s segment) sized() error {
	if len(s.body) < 6 {
		return broken()
	}
	return sized(int(binary.BigEndian.Uint16(s.body[3:])), int(binary.BigEndian.Uint16(s.body[1:])))
}

// draws reports a segment without which the picture looks otherwise: tables, and the application segments for density and colours.
func (s segment) draws() bool {
	switch s.mark {
	case markDQT, markDHT, markDAC, markDRI:
		return true
	case markAPP0:
		return len(s.body) >= 14 && bytes.HasPrefix(s.body, []byte("JFIF\x00"))
	case markAPP0 + 2:
		return bytes.HasPrefix(s.body, []byte("ICC_PROFILE\x00"))
	case markAPP0 + 14:
		return len(s.body) == 12 && bytes.HasPrefix(s.body, []byte("Adobe"))
	}
	return false
}

// write appends the segment. A thumbnail within JFIF's segment is left out: it may show what was cut off the picture.
func (s segment) write(out []byte) []byte {
	body := s.body
	if s.mark == markAPP0 {
		body = append(bytes.Clone(body[:12]), 0, 0)
	}
	out = append(out, 0xff, s.mark)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// tagOrientation says in EXIF how a photo is to be turned, from 1 (not at all) to 8.
const tagOrientation = 0x0112

// orientation finds how a photo is to be turned in the body of its EXIF segment; 0 when that is not said.
func orientation(body []byte) int {
	tiff, ok := bytes.CutPrefix(body, []byte("Exif\x00\x00"))
	if !ok || len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	entries := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(entries) < 12 {
			return 0
		}
		if order.Uint16(entries) == tagOrientation {
			if turn := int(order.Uint16(entries[8:])); turn >= 1 && turn <= 8 {
				return turn
			}
			return 0
		}
		entries = entries[12:]
	}
	return 0
}

// turned puts an EXIF block that says only how to turn the photo behind its first marker.
func turned(jpeg []byte, turn int) []byte {
	if turn <= 1 {
		return jpeg
	}
	body := append([]byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01"), // one entry,
		tagOrientation>>8, tagOrientation&0xff, 0, 3, 0, 0, 0, 1, 0, byte(turn), 0, 0, // a short number,
		0, 0, 0, 0) // and no further block
	out := append(make([]byte, 0, len(jpeg)+len(body)+4), jpeg[:2]...)
	out = segment{markAPP0 + 1, body}.write(out)
	return append(out, jpeg[2:]...)
}

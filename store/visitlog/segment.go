package visitlog

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"
	"strconv"
	"strings"
)

const (
	segmentMagic   = "ZJVISIT1"
	segmentVersion = 1
	segmentHead    = 64
	segmentSuffix  = ".visits"
	windowBytes    = 4 << 20 // two of the largest frames and a bit
)

// Position is a place between two frames of a node's log.
type Position struct {
	Segment uint64 `json:"segment"`
	Offset  int64  `json:"offset"`
	Visits  uint64 `json:"visits"` // how many come before it, since the log began
}

// before reports whether p comes before q in the same log.
func (p Position) before(q Position) bool {
	return p.Segment < q.Segment || p.Segment == q.Segment && p.Offset < q.Offset
}

// header is the head of a segment.
type header struct {
	node     uint32
	segment  uint64
	first    uint64 // number of its first visit
	previous int64  // where the segment before it ended: rotation sealed it there
	created  int64  // Unix milliseconds
}

func (h header) encode() []byte {
	b := make([]byte, segmentHead)
	copy(b, segmentMagic)
	binary.LittleEndian.PutUint32(b[8:], segmentVersion)
	binary.LittleEndian.PutUint32(b[12:], h.node)
	binary.LittleEndian.PutUint64(b[16:], h.segment)
	binary.LittleEndian.PutUint64(b[24:], h.first)
	binary.LittleEndian.PutUint64(b[32:], uint64(h.previous))
	binary.LittleEndian.PutUint64(b[40:], uint64(h.created))
	binary.LittleEndian.PutUint32(b[60:], crc32.Checksum(b[:60], castagnoli))
	return b
}

func parseHeader(b []byte) (header, error) {
	if len(b) < segmentHead || string(b[:8]) != segmentMagic || binary.LittleEndian.Uint32(b[60:]) != crc32.Checksum(b[:60], castagnoli) {
		return header{}, errors.New("the head of the segment is not whole")
	}
	if v := binary.LittleEndian.Uint32(b[8:]); v != segmentVersion {
		return header{}, fmt.Errorf("version %d is newer than this program", v)
	}
	return header{
		node: binary.LittleEndian.Uint32(b[12:]), segment: binary.LittleEndian.Uint64(b[16:]), first: binary.LittleEndian.Uint64(b[24:]),
		previous: int64(binary.LittleEndian.Uint64(b[32:])), created: int64(binary.LittleEndian.Uint64(b[40:])),
	}, nil
}

func segmentName(n uint64) string { return fmt.Sprintf("%010d%s", n, segmentSuffix) }

// segments lists the numbers of the segments in a folder, in order and without a gap.
func segments(d Disk) ([]uint64, error) {
	names, err := d.List()
	if err != nil {
		return nil, err
	}
	var list []uint64
	for _, name := range names {
		digits, ok := strings.CutSuffix(name, segmentSuffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(digits, 10, 64)
		if err != nil || segmentName(n) != name || n == 0 {
			return nil, fmt.Errorf("visitlog: %s is no name of a segment", name)
		}
		list = append(list, n)
	}
	slices.Sort(list)
	for i := 1; i < len(list); i++ {
		if list[i] != list[i-1]+1 {
			return nil, &Damage{File: segmentName(list[i-1] + 1), Why: "the segment is missing"}
		}
	}
	return list, nil
}

// segment is one segment opened to read. Not for concurrent use.
type segment struct {
	File
	header header
	name   string
	buf    []byte // what the file held at off
	off    int64
}

// openSegment opens segment n and reads its head. headErr says that the head is bad; all else is err.
func openSegment(d Disk, n uint64) (s *segment, headErr, err error) {
	f, err := d.Open(segmentName(n))
	if err != nil {
		return nil, nil, err
	}
	s = &segment{File: f, name: segmentName(n)}
	b := make([]byte, segmentHead)
	got, err := s.ReadAt(b, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, nil, errors.Join(err, f.Close())
	}
	s.header, headErr = parseHeader(b[:got])
	if headErr == nil && s.header.segment != n {
		headErr = fmt.Errorf("it says that it is segment %d", s.header.segment)
	}
	return s, headErr, nil
}

// read gives n bytes at off, fewer at the end of the file. They are valid until the next call.
func (s *segment) read(off int64, n int) ([]byte, error) {
	if off < s.off || off+int64(n) > s.off+int64(len(s.buf)) {
		if err := s.room(off, n); err != nil {
			return nil, err
		}
		s.buf = s.buf[:cap(s.buf)]
		s.off = off
		got, err := s.ReadAt(s.buf, off)
		s.buf = s.buf[:got]
		if err != nil && !errors.Is(err, io.EOF) {
			s.buf = s.buf[:0]
			return nil, fmt.Errorf("visitlog: read %s at %d: %w", s.name, off, err)
		}
	}
	from := int(off - s.off)
	return s.buf[min(from, len(s.buf)):min(from+n, len(s.buf))], nil
}

// room makes the buffer as large as windowBytes, less when the file is smaller.
func (s *segment) room(off int64, n int) error {
	if cap(s.buf) >= windowBytes {
		return nil
	}
	size, err := s.Size()
	if err != nil {
		return err
	}
	if want := int(min(windowBytes, max(size-off, int64(n)))); cap(s.buf) < want {
		s.buf = make([]byte, want)
	}
	return nil
}

// forget drops what was read, so that the next read sees what the file holds by then.
func (s *segment) forget() { s.buf = s.buf[:0] }

func (s *segment) place(off int64) place {
	return place{node: s.header.node, segment: s.header.segment, offset: off}
}

// frame gives the whole frame at off, head included; ok is false when none begins there.
func (s *segment) frame(off int64) (h head, frame []byte, ok bool, err error) {
	b, err := s.read(off, frameHead)
	if err != nil {
		return head{}, nil, false, err
	}
	h, ok = parseHead(b)
	if !ok {
		return head{}, nil, false, nil
	}
	frame, err = s.read(off, frameHead+h.payload)
	if err != nil || len(frame) < frameHead+h.payload {
		return head{}, nil, false, err
	}
	return h, frame, frameCRC(s.place(off), frame) == h.crc, nil
}

// frameAfter reports whether any whole frame begins behind off. One group is one frame and the next is written only after it
// is on disk, so a whole frame proves that all before it was once complete.
func (s *segment) frameAfter(off int64) (bool, error) {
	magic := binary.LittleEndian.AppendUint32(nil, frameMagic)
	size, err := s.Size()
	if err != nil {
		return false, err
	}
	for off++; ; {
		if size-off < frameHead {
			return false, nil
		}
		b, err := s.read(off, int(min(size-off, windowBytes/2)))
		if err != nil || len(b) < frameHead {
			return false, err
		}
		i := bytes.Index(b, magic)
		if i < 0 {
			off += int64(len(b) - len(magic) + 1)
			continue
		}
		off += int64(i)
		_, _, ok, err := s.frame(off)
		if ok || err != nil {
			return ok, err
		}
		off++
	}
}

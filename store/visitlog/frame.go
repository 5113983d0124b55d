package visitlog

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
)

// MaxCall is the most visits that one Append takes, and that one frame holds.
const MaxCall = 1 << 16

const (
	frameMagic = 0x3156_4a5a // "ZJV1"
	frameHead  = 32
	// maxPayload: seven column heads of 5 bytes, one of 1, and no visit needs more than 25 bytes.
	maxPayload = 7*5 + 1 + MaxCall*25
)

// The columns after the time, in file order.
const (
	colAccount = iota
	colPerson
	colCity
	colService
	colKind
	colChannel
	colLevel
	colCount
)

// colMax is the largest value and colWidth the most bytes of a column.
var (
	colMax   = [colCount]uint32{1<<32 - 1, 1<<32 - 1, 1<<32 - 1, 1<<16 - 1, kindSlots, 1<<8 - 1, 1<<8 - 1}
	colWidth = [colCount]int{4, 4, 4, 2, 1, 1, 1}
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// columns are visits turned on their side: one slice per field.
type columns struct {
	at   []int64
	cols [colCount][]uint32
}

func (c *columns) len() int { return len(c.at) }

func (c *columns) reset() {
	c.at = c.at[:0]
	for i := range c.cols {
		c.cols[i] = c.cols[i][:0]
	}
}

func (c *columns) resize(n int) {
	c.reset()
	c.at = slices.Grow(c.at, n)[:n]
	for i := range c.cols {
		c.cols[i] = slices.Grow(c.cols[i], n)[:n]
	}
}

func (c *columns) add(visits []Visit) {
	for i := range visits {
		v := &visits[i]
		c.at = append(c.at, v.At)
		c.cols[colAccount] = append(c.cols[colAccount], v.Account)
		c.cols[colPerson] = append(c.cols[colPerson], v.Person)
		c.cols[colCity] = append(c.cols[colCity], v.City)
		c.cols[colService] = append(c.cols[colService], uint32(v.Service))
		c.cols[colKind] = append(c.cols[colKind], uint32(v.Kind))
		c.cols[colChannel] = append(c.cols[colChannel], uint32(v.Channel))
		c.cols[colLevel] = append(c.cols[colLevel], uint32(v.Level))
	}
}

// visits appends the visits to dst.
func (c *columns) visits(dst []Visit) []Visit {
	for i, at := range c.at {
		dst = append(dst, Visit{
			At: at, Account: c.cols[colAccount][i], Person: c.cols[colPerson][i], City: c.cols[colCity][i],
			Service: uint16(c.cols[colService][i]), Kind: Kind(c.cols[colKind][i]),
			Channel: uint8(c.cols[colChannel][i]), Level: uint8(c.cols[colLevel][i]),
		})
	}
	return dst
}

// place says where a frame stands. It is part of the checksum: a frame that was copied elsewhere does not pass there.
type place struct {
	node    uint32
	segment uint64
	offset  int64
}

func (p place) seed() uint32 {
	var b [20]byte
	binary.LittleEndian.PutUint32(b[0:], p.node)
	binary.LittleEndian.PutUint64(b[4:], p.segment)
	binary.LittleEndian.PutUint64(b[12:], uint64(p.offset))
	return crc32.Checksum(b[:], castagnoli)
}

// frameCRC is the checksum of a frame: all of it but the field itself.
func frameCRC(p place, frame []byte) uint32 {
	crc := crc32.Update(p.seed(), castagnoli, frame[:12])
	return crc32.Update(crc, castagnoli, frame[16:])
}

// appendFrame appends c as one frame; first is the number of its first visit in the node's log. No visits is a seal.
func (c *columns) appendFrame(dst []byte, p place, first uint64) []byte {
	start := len(dst)
	base := int64(0)
	if len(c.at) > 0 {
		base = slices.Min(c.at)
	}
	dst = append(dst, make([]byte, frameHead)...)
	if len(c.at) > 0 {
		dst = appendTimes(dst, c.at, base)
		for _, col := range c.cols {
			dst = appendColumn(dst, col)
		}
	}
	frame := dst[start:]
	binary.LittleEndian.PutUint32(frame[0:], frameMagic)
	binary.LittleEndian.PutUint32(frame[4:], uint32(len(frame)-frameHead))
	binary.LittleEndian.PutUint32(frame[8:], uint32(len(c.at)))
	binary.LittleEndian.PutUint64(frame[16:], first)
	binary.LittleEndian.PutUint64(frame[24:], uint64(base))
	binary.LittleEndian.PutUint32(frame[12:], frameCRC(p, frame))
	return dst
}

func appendTimes(dst []byte, at []int64, base int64) []byte {
	width := bytesFor(uint64(slices.Max(at) - base))
	dst = append(dst, byte(width))
	for _, t := range at {
		d := uint64(t - base)
		for range width {
			dst = append(dst, byte(d))
			d >>= 8
		}
	}
	return dst
}

func appendColumn(dst []byte, col []uint32) []byte {
	low, high := col[0], col[0]
	for _, v := range col {
		low, high = min(low, v), max(high, v)
	}
	width := bytesFor(uint64(high - low))
	dst = append(dst, byte(width))
	dst = binary.LittleEndian.AppendUint32(dst, low)
	switch width {
	case 1:
		for _, v := range col {
			dst = append(dst, byte(v-low))
		}
	case 2:
		for _, v := range col {
			dst = binary.LittleEndian.AppendUint16(dst, uint16(v-low))
		}
	case 3:
		for _, v := range col {
			d := v - low
			dst = append(dst, byte(d), byte(d>>8), byte(d>>16))
		}
	case 4:
		for _, v := range col {
			dst = binary.LittleEndian.AppendUint32(dst, v-low)
		}
	}
	return dst
}

// bytesFor gives how many bytes v needs: 0, 1, 2, 3, 4 or 8.
func bytesFor(v uint64) int {
	switch {
	case v == 0:
		return 0
	case v < 1<<8:
		return 1
	case v < 1<<16:
		return 2
	case v < 1<<24:
		return 3
	case v < 1<<32:
		return 4
	}
	return 8
}

// head is a frame's head as read.
type head struct {
	payload int
	count   int
	crc     uint32
	first   uint64
	base    int64
}

// parseHead reads a head and says whether its numbers can be true.
func parseHead(b []byte) (head, bool) {
	if len(b) < frameHead || binary.LittleEndian.Uint32(b) != frameMagic {
		return head{}, false
	}
	h := head{
		payload: int(binary.LittleEndian.Uint32(b[4:])), count: int(binary.LittleEndian.Uint32(b[8:])),
		crc: binary.LittleEndian.Uint32(b[12:]), first: binary.LittleEndian.Uint64(b[16:]), base: int64(binary.LittleEndian.Uint64(b[24:])),
	}
	return h, h.payload <= maxPayload && h.count <= MaxCall && (h.count == 0) == (h.payload == 0)
}

// decode reads the payload of a frame whose checksum held. What it refuses was written by another program.
func (c *columns) decode(h head, payload []byte) error {
	c.resize(h.count)
	if h.count == 0 {
		return nil
	}
	rest, err := decodeTimes(c.at, payload, h.base)
	if err != nil {
		return err
	}
	for i := range c.cols {
		if rest, err = decodeColumn(c.cols[i], rest, colWidth[i]); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
		if slices.Max(c.cols[i]) > colMax[i] {
			return fmt.Errorf("column %d: a value above %d", i, colMax[i])
		}
	}
	if slices.Min(c.cols[colKind]) == 0 {
		return fmt.Errorf("kind 0")
	}
	if len(rest) != 0 {
		return fmt.Errorf("%d bytes too many", len(rest))
	}
	return nil
}

func decodeTimes(dst []int64, b []byte, base int64) ([]byte, error) {
	if base < 0 || base >= latest || len(b) < 1 || b[0] > 4 && b[0] != 8 {
		return nil, fmt.Errorf("times begin wrongly")
	}
	width := int(b[0])
	b = b[1:]
	if len(b) < width*len(dst) {
		return nil, fmt.Errorf("times end early")
	}
	for i := range dst {
		d := uint64(0)
		for k, x := range b[i*width : i*width+width] {
			d |= uint64(x) << (8 * k)
		}
		if d >= latest-uint64(base) {
			return nil, fmt.Errorf("a time after 2109")
		}
		dst[i] = base + int64(d)
	}
	return b[width*len(dst):], nil
}

func decodeColumn(dst []uint32, b []byte, widest int) ([]byte, error) {
	if len(b) < 5 || int(b[0]) > widest {
		return nil, fmt.Errorf("begins wrongly")
	}
	width, base := int(b[0]), binary.LittleEndian.Uint32(b[1:])
	b = b[5:]
	if len(b) < width*len(dst) {
		return nil, fmt.Errorf("ends early")
	}
	body, rest := b[:width*len(dst)], b[width*len(dst):]
	switch width {
	case 0:
		for i := range dst {
			dst[i] = base
		}
	case 1:
		for i, x := range body[:len(dst)] {
			dst[i] = base + uint32(x)
		}
	case 2:
		for i := range dst {
			dst[i] = base + uint32(binary.LittleEndian.Uint16(body[2*i:]))
		}
	case 3:
		for i := range dst {
			x := body[3*i : 3*i+3]
			dst[i] = base + (uint32(x[0]) | uint32(x[1])<<8 | uint32(x[2])<<16)
		}
	case 4:
		for i := range dst {
			dst[i] = base + binary.LittleEndian.Uint32(body[4*i:])
		}
	}
	return rest, nil
}

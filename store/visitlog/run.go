package visitlog

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"slices"
	"strconv"
	"strings"
)

// A run is an immutable file of what was counted: rows of counters, then lists of people, then an index and a tail.

const (
	runMagic  = "ZJFOLD01"
	runSuffix = ".fold"
	runTail   = 24 // index offset, index length, checksum of all before the tail, 4 bytes of magic
	runBuffer = 1 << 20
)

// runInfo is a run as the checkpoint names it.
type runInfo struct {
	ID    uint64 `json:"id"`
	Bytes int64  `json:"bytes"`
	CRC   uint32 `json:"crc"`
}

func runName(id uint64) string { return fmt.Sprintf("%010d%s", id, runSuffix) }

func isRun(name string) bool {
	digits, ok := strings.CutSuffix(name, runSuffix)
	n, err := strconv.ParseUint(digits, 10, 64)
	return ok && err == nil && runName(n) == name
}

// extent is where a run keeps the people of one account in one month.
type extent struct {
	month   Month
	account uint32
	n       uint32
	bytes   uint32
	off     int64
}

// section is where a run keeps the rows of one counter.
type section struct {
	off, bytes int64
	rows       uint64
}

// run is an open run. Its methods may be called at the same time.
type run struct {
	runInfo
	file     File
	sections [byCount]section
	lists    []extent // by month, account
}

// runWriter writes a run from front to back: all rows, counter by counter, then all lists by month and account, then finish.
type runWriter struct {
	run
	buf     []byte
	off     int64 // of buf
	crc     uint32
	by      By
	begun   bool
	last    uint32 // code of the row before
	scratch []byte
}

func createRun(d Disk, id uint64) (*runWriter, error) {
	f, err := d.Create(runName(id))
	if err != nil {
		return nil, err
	}
	w := &runWriter{run: run{runInfo: runInfo{ID: id}, file: f}}
	return w, w.write([]byte(runMagic))
}

func (w *runWriter) write(b []byte) error {
	w.buf = append(w.buf, b...)
	if len(w.buf) < runBuffer {
		return nil
	}
	return w.flush()
}

func (w *runWriter) flush() error {
	w.crc = crc32.Update(w.crc, castagnoli, w.buf)
	if _, err := w.file.WriteAt(w.buf, w.off); err != nil {
		return fmt.Errorf("visitlog: write %s: %w", runName(w.ID), err)
	}
	w.off += int64(len(w.buf))
	w.buf = w.buf[:0]
	return nil
}

func (w *runWriter) end() int64 { return w.off + int64(len(w.buf)) }

// row appends a row of counter by. Counters and codes come in order.
func (w *runWriter) row(by By, r row) error {
	s := &w.sections[by]
	if !w.begun || by != w.by {
		w.begun, w.by, w.last = true, by, 0
		s.off = w.end()
	}
	b := binary.AppendUvarint(w.scratch[:0], uint64(r.code-w.last))
	b = binary.AppendUvarint(b, uint64(len(r.entries)))
	slot := uint32(0)
	for _, e := range r.entries {
		b = binary.AppendUvarint(b, uint64(e.slot-slot))
		b = binary.AppendUvarint(b, e.n)
		slot = e.slot
	}
	w.scratch, w.last = b, r.code
	s.rows++
	s.bytes += int64(len(b))
	return w.write(b)
}

func (w *runWriter) list(month Month, l peopleList) error {
	w.lists = append(w.lists, extent{month, l.account, l.n, uint32(len(l.data)), w.end()})
	return w.write(l.data)
}

// finish writes index and tail and makes the file durable. The folder is not yet synced.
func (w *runWriter) finish() (*run, error) {
	at := w.end()
	index := w.index()
	if err := w.write(index); err != nil {
		return nil, err
	}
	if err := w.flush(); err != nil {
		return nil, err
	}
	tail := make([]byte, runTail)
	binary.LittleEndian.PutUint64(tail, uint64(at))
	binary.LittleEndian.PutUint64(tail[8:], uint64(len(index)))
	binary.LittleEndian.PutUint32(tail[16:], w.crc)
	copy(tail[20:], runMagic)
	w.Bytes, w.CRC = w.off+runTail, w.crc
	if _, err := w.file.WriteAt(tail, w.off); err != nil {
		return nil, err
	}
	if err := synced(w.file.Sync()); err != nil {
		return nil, err
	}
	r := w.run
	return &r, nil
}

func (w *runWriter) index() []byte {
	var b []byte
	for _, s := range w.sections {
		b = binary.AppendUvarint(b, uint64(s.off))
		b = binary.AppendUvarint(b, uint64(s.bytes))
		b = binary.AppendUvarint(b, s.rows)
	}
	var off int64
	if len(w.lists) > 0 {
		off = w.lists[0].off
	}
	b = binary.AppendUvarint(b, uint64(off))
	b = binary.AppendUvarint(b, uint64(len(w.lists)))
	month, account := Month(0), uint32(0)
	for _, e := range w.lists {
		if e.month != month {
			account = 0
		}
		b = binary.AppendUvarint(b, uint64(e.month-month))
		b = binary.AppendUvarint(b, uint64(e.account-account))
		b = binary.AppendUvarint(b, uint64(e.n))
		b = binary.AppendUvarint(b, uint64(e.bytes))
		month, account = e.month, e.account
	}
	return b
}

// openRun opens a run and reads it through once: what is not as it was written is a *Damage.
func openRun(d Disk, info runInfo) (*run, error) {
	f, err := d.Open(runName(info.ID))
	if err != nil {
		return nil, err
	}
	r := &run{runInfo: info, file: f}
	if err := r.load(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return r, nil
}

func (r *run) damaged(off int64, why string) error {
	return &Damage{File: runName(r.ID), Offset: off, Why: why}
}

func (r *run) load() error {
	size, err := r.file.Size()
	if err != nil {
		return err
	}
	if size != r.Bytes || size < int64(len(runMagic)+runTail) {
		return r.damaged(min(size, r.Bytes), fmt.Sprintf("it has %d bytes and had %d", size, r.Bytes))
	}
	buf := make([]byte, min(runBuffer, size))
	crc := uint32(0)
	for off := int64(0); off < size-runTail; off += runBuffer {
		b := buf[:min(runBuffer, size-runTail-off)]
		if _, err := r.file.ReadAt(b, off); err != nil {
			return err
		}
		crc = crc32.Update(crc, castagnoli, b)
	}
	tail := buf[:runTail]
	if _, err := r.file.ReadAt(tail, size-runTail); err != nil {
		return err
	}
	at, length := int64(binary.LittleEndian.Uint64(tail)), int64(binary.LittleEndian.Uint64(tail[8:]))
	if crc != r.CRC || crc != binary.LittleEndian.Uint32(tail[16:]) || string(tail[20:]) != runMagic[:4] || at+length != size-runTail || at < 0 || length < 0 {
		return r.damaged(0, "its checksum is another")
	}
	index := make([]byte, length)
	if _, err := r.file.ReadAt(index, at); err != nil {
		return err
	}
	if !r.parseIndex(index, at) {
		return r.damaged(at, "the index cannot be read")
	}
	return nil
}

// parseIndex reads the index of a run whose content ends at end.
func (r *run) parseIndex(b []byte, end int64) bool {
	ok := true
	next := func() uint64 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			ok = false
			return 0
		}
		b = b[n:]
		return v
	}
	for i := range r.sections {
		s := section{off: int64(next()), bytes: int64(next())}
		s.rows = next()
		if s.off < 0 || s.bytes < 0 || s.off > end || s.bytes > end-s.off {
			return false
		}
		r.sections[i] = s
	}
	off := int64(next())
	count := next()
	if !ok || count > uint64(len(b)) {
		return false
	}
	r.lists = make([]extent, 0, count)
	month, account := Month(0), uint32(0)
	for range count {
		if m := next(); m > 0 {
			month += Month(m)
			account = 0
		}
		account += uint32(next())
		e := extent{month: month, account: account, n: uint32(next()), bytes: uint32(next()), off: off}
		off += int64(e.bytes)
		if !ok || off > end || e.n > e.bytes {
			return false
		}
		r.lists = append(r.lists, e)
	}
	return len(b) == 0
}

// months gives the extents of the months from first to last.
func (r *run) months(first, last Month) []extent {
	from, _ := slices.BinarySearchFunc(r.lists, first, func(e extent, m Month) int { return int(e.month) - int(m) })
	to, _ := slices.BinarySearchFunc(r.lists, last+1, func(e extent, m Month) int { return int(e.month) - int(m) })
	return r.lists[from:max(from, to)]
}

// cursor reads the rows of one section, front to back.
type cursor struct {
	run  *run
	by   By
	off  int64 // of what follows buf
	left uint64
	buf  []byte
	keep []byte
	row  row
}

func (r *run) rows(by By) *cursor {
	s := r.sections[by]
	return &cursor{run: r, by: by, off: s.off, left: s.rows, keep: make([]byte, min(runBuffer, s.bytes+binary.MaxVarintLen64))}
}

// next reads a row into c.row; false at the end.
func (c *cursor) next() (bool, error) {
	if c.left == 0 {
		return false, nil
	}
	c.left--
	d, err := c.uvarint()
	if err != nil {
		return false, err
	}
	n, err := c.uvarint()
	if err != nil {
		return false, err
	}
	c.row.code += uint32(d)
	c.row.entries = c.row.entries[:0]
	slot := uint32(0)
	for range n {
		d, err := c.uvarint()
		if err != nil {
			return false, err
		}
		count, err := c.uvarint()
		if err != nil {
			return false, err
		}
		slot += uint32(d)
		c.row.entries = append(c.row.entries, entry{slot, count})
	}
	return true, nil
}

func (c *cursor) uvarint() (uint64, error) {
	if len(c.buf) < binary.MaxVarintLen64 {
		s := c.run.sections[c.by]
		have := copy(c.keep, c.buf)
		more := min(int64(len(c.keep)-have), s.off+s.bytes-c.off)
		if _, err := c.run.file.ReadAt(c.keep[have:have+int(more)], c.off); more > 0 && err != nil {
			return 0, err
		}
		c.off += more
		c.buf = c.keep[:have+int(more)]
	}
	v, n := binary.Uvarint(c.buf)
	if n <= 0 {
		return 0, c.run.damaged(c.off, "a row cannot be read")
	}
	c.buf = c.buf[n:]
	return v, nil
}

package visitlog

import (
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"math"
	"os"
	"slices"

	"zhijian/ground/clock"
)

// Delivery names visits that are brought in several calls and perhaps brought again: a hash of who brings them and of the
// name they gave it.
type Delivery [32]byte

// Mark says how far a delivery has come. It is on disk exactly when the visits of its call are.
type Mark struct {
	Lines   uint64   // of the delivery, read so far
	Taken   uint64   // visits of them, all in the log
	Refused uint64   // lines that were no visits
	Sum     [32]byte // SHA-256 of those lines
	Done    bool     // nothing follows
}

// AppendMarked is Append of visits, which may be none, together with how far their delivery has come: whatever is killed or cut
// off, either both are kept or neither. A later mark of the delivery replaces the one before. Marks are kept for 30 days, the
// newest 65,536 at least until the log is opened again.
func (l *Log) AppendMarked(ctx context.Context, d Delivery, m Mark, visits []Visit) error {
	return l.append(ctx, visits, &markRecord{Mark: m, delivery: d, count: uint32(len(visits))})
}

// Marked gives how far a delivery has come; false for one that is not known.
func (l *Log) Marked(d Delivery) (Mark, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	r, ok := l.marks[d]
	return r.Mark, ok
}

const (
	marksName   = "MARKS"
	marksNew    = "MARKS.new"
	markMagic   = 0x314d_4a5a // "ZJM1"
	markBytes   = 128
	marksKept   = 1 << 16
	marksMillis = 30 * dayMillis
)

// markRecord is a mark as the file has it. It is written and synced before the frame with its visits: one whose frame is not in the
// log says nothing. Only the last ones can be so, because no frame follows a failed one before its marks are taken back.
type markRecord struct {
	Mark
	delivery Delivery
	count    uint32 // visits of its call
	segment  uint64 // where the frame with them begins
	offset   int64
	at       int64 // Unix milliseconds
}

func (r *markRecord) append(dst []byte) []byte {
	b := make([]byte, markBytes)
	binary.LittleEndian.PutUint32(b[0:], markMagic)
	binary.LittleEndian.PutUint64(b[8:], r.segment)
	binary.LittleEndian.PutUint64(b[16:], uint64(r.offset))
	binary.LittleEndian.PutUint64(b[24:], uint64(r.at))
	copy(b[32:], r.delivery[:])
	copy(b[64:], r.Sum[:])
	binary.LittleEndian.PutUint64(b[96:], r.Lines)
	binary.LittleEndian.PutUint64(b[104:], r.Taken)
	binary.LittleEndian.PutUint64(b[112:], r.Refused)
	if r.Done {
		b[120] = 1
	}
	binary.LittleEndian.PutUint32(b[124:], r.count)
	binary.LittleEndian.PutUint32(b[4:], crc32.Checksum(b[8:], castagnoli))
	return append(dst, b...)
}

func parseMark(b []byte) (r markRecord, ok bool) {
	if len(b) < markBytes || binary.LittleEndian.Uint32(b) != markMagic || binary.LittleEndian.Uint32(b[4:]) != crc32.Checksum(b[8:markBytes], castagnoli) {
		return r, false
	}
	r.segment, r.offset, r.at = binary.LittleEndian.Uint64(b[8:]), int64(binary.LittleEndian.Uint64(b[16:])), int64(binary.LittleEndian.Uint64(b[24:]))
	r.delivery, r.Sum = Delivery(b[32:64]), [32]byte(b[64:96])
	r.Lines, r.Taken, r.Refused = binary.LittleEndian.Uint64(b[96:]), binary.LittleEndian.Uint64(b[104:]), binary.LittleEndian.Uint64(b[112:])
	r.Done, r.count = b[120] == 1, binary.LittleEndian.Uint32(b[124:])
	return r, true
}

// kept reports whether the visits of r are in a log that ends at end.
func (r *markRecord) kept(end Position) bool {
	return r.count == 0 || (Position{Segment: r.segment, Offset: r.offset}).before(end)
}

// markFile is the file of marks, of the log's goroutine alone.
type markFile struct {
	File
	size int64
	buf  []byte
}

// recoverMarks reads the marks of a log whose end is known and cuts those of visits that are not in it. What is left is written
// again and synced, for the process before this one may not have come to that; it takes no room.
func (l *Log) recoverMarks() error {
	l.marks = map[Delivery]markRecord{}
	f, err := l.opt.Folder.Open(marksName)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	l.w.marks.File = f // closed with the writer
	text, err := wholeFile(f)
	if err != nil {
		return err
	}
	list, err := keptMarks(text, l.w.at)
	if err != nil {
		return err
	}
	oldest := clock.Millis(l.opt.Clock.Now()) - marksMillis
	for _, r := range list {
		if r.at >= oldest {
			l.marks[r.delivery] = r
		}
	}
	l.w.marks.size = int64(len(list)) * markBytes
	if _, err := f.WriteAt(text[:l.w.marks.size], 0); err != nil {
		return err
	}
	return errors.Join(f.Truncate(l.w.marks.size), f.Sync())
}

func wholeFile(f File) ([]byte, error) {
	size, err := f.Size()
	if err != nil || size == 0 {
		return nil, err
	}
	text := make([]byte, size)
	_, err = f.ReadAt(text, 0)
	return text, err
}

// CheckMarks reads the marks of a log that nobody has open; damage among them is a *Damage. Walk does not read them.
func CheckMarks(d Disk) error {
	f, err := d.Open(marksName)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	text, err := wholeFile(f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	_, err = keptMarks(text, Position{Segment: math.MaxUint64})
	return err
}

// keptMarks gives the marks up to the first that is not whole or whose visits are not in a log that ends at end.
func keptMarks(text []byte, end Position) (list []markRecord, err error) {
	cut := false
	for off := 0; off < len(text); off += markBytes {
		r, ok := parseMark(text[off:])
		switch {
		case !ok || !r.kept(end):
			cut = true
		case cut && r.count > 0:
			return nil, &Damage{File: marksName, Offset: int64(len(list)) * markBytes, Why: "no whole mark, and marks of visits behind it"}
		case !cut:
			list = append(list, r)
		}
	}
	return list, nil
}

// rewriteMarks replaces the file by one that has the last mark of each delivery, without those that are too old or too many.
// It leaves l.marks with the same.
func (l *Log) rewriteMarks() error {
	l.mu.Lock()
	list := slices.Collect(maps.Values(l.marks))
	l.mu.Unlock()
	slices.SortFunc(list, func(a, b markRecord) int {
		return cmp.Or(cmp.Compare(a.at, b.at), slices.Compare(a.delivery[:], b.delivery[:]))
	})
	now := clock.Millis(l.opt.Clock.Now())
	list = slices.DeleteFunc(list, func(r markRecord) bool { return r.at < now-marksMillis })
	list = list[max(0, len(list)-marksKept):]
	buf := make([]byte, 0, len(list)*markBytes)
	marks := make(map[Delivery]markRecord, len(list))
	for _, r := range list {
		buf = r.append(buf)
		marks[r.delivery] = r
	}
	if err := l.replaceMarks(buf); err != nil {
		return err
	}
	l.mu.Lock()
	l.marks = marks
	l.mu.Unlock()
	return nil
}

func (l *Log) replaceMarks(content []byte) error {
	d, m := l.opt.Folder, &l.w.marks
	if err := d.Remove(marksNew); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	f, err := d.Create(marksNew)
	if err != nil {
		return err
	}
	if _, err = f.WriteAt(content, 0); err == nil {
		err = synced(f.Sync())
	}
	if err == nil {
		err = synced(errors.Join(d.Rename(marksNew, marksName), d.Sync()))
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	old := m.File
	m.File, m.size = f, int64(len(content))
	if old != nil {
		return old.Close()
	}
	return nil
}

// mark puts the marks of a group on disk, before the frame at the present end.
func (l *Log) mark(list []*markRecord) error {
	w := &l.w
	m := &w.marks
	if m.File == nil || m.size > 4*marksKept*markBytes {
		if err := l.rewriteMarks(); err != nil {
			return l.refuse("begin "+marksName, err)
		}
	}
	now := clock.Millis(l.opt.Clock.Now())
	m.buf = m.buf[:0]
	for _, r := range list {
		r.segment, r.offset, r.at = w.at.Segment, w.at.Offset, now
		m.buf = r.append(m.buf)
	}
	if _, err := m.WriteAt(m.buf, m.size); err != nil {
		if e := l.unmark(); e != nil {
			return e
		}
		return l.refuse("write "+marksName, err)
	}
	if err := m.Sync(); err != nil {
		return l.die("sync "+marksName+" beside", err)
	}
	return nil
}

// refuse answers a failure that left everything as it was: a full disk is told, any other ends the log.
func (l *Log) refuse(what string, err error) error {
	if isFull(err) {
		return full(fmt.Errorf("%s: %w", what, err))
	}
	return l.die(what+" beside", err)
}

// unmark takes back the marks of a group whose frame is not in the log. Making a file shorter needs no room on a full disk.
func (l *Log) unmark() error {
	m := &l.w.marks
	if err := errors.Join(m.Truncate(m.size), m.Sync()); err != nil {
		return l.die("take marks back beside", err)
	}
	return nil
}

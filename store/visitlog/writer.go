package visitlog

import (
	"errors"
	"fmt"
	"runtime"
	"time"

	"zhijian/ground/clock"
)

// The last segment of a log that is written to has room: zeros behind its last frame, which the next frames are written over. A file that grows
// with every frame has its new length saved by every sync as well, which takes a file system a write and a wait of its own. Large frames grow
// the file: for them that is little, and zeros before them would be twice the work.
const framesInRoom = 8 // room is made for a frame that fits as often

// writer is what the log's goroutine holds.
type writer struct {
	file   File     // the last segment
	size   int64    // of it, room included
	at     Position // behind the last frame on disk
	sealed bool     // the last frame is a seal, or there is none
	marks  markFile
	news   []*markRecord // of the group
	group  []*call
	cols   columns
	frame  []byte
	zeros  []byte // Options.Room of them, once there is room
}

func (w *writer) close() error {
	var err error
	if w.marks.File != nil {
		err = w.marks.Close()
	}
	if w.file == nil {
		return err
	}
	return errors.Join(err, w.file.Close())
}

// run is the log's goroutine.
func (l *Log) run() {
	defer close(l.gone)
	idle := time.NewTimer(l.opt.Idle)
	defer idle.Stop()
	for {
		select {
		case <-l.wake:
			for l.commit() {
				// Let the callers just answered queue their next visits: without this groups alternate between few and many.
				runtime.Gosched()
			}
			idle.Reset(l.opt.Idle)
		case <-idle.C:
			l.seal()
		case <-l.quit:
			for l.commit() {
			}
			l.seal()
			if l.Err() == nil {
				_ = l.trim() // a lost log has said so
			}
			return
		}
	}
}

// commit saves one group and answers its callers; false when nothing was queued.
func (l *Log) commit() bool {
	w := &l.w
	w.group = l.take(w.group[:0])
	if len(w.group) == 0 {
		l.mu.Lock()
		defer l.mu.Unlock()
		return len(l.queue) > 0 // all that were taken had withdrawn
	}
	w.cols.reset()
	w.news = w.news[:0]
	for _, c := range w.group {
		w.cols.add(c.visits)
		if c.mark != nil {
			w.news = append(w.news, c.mark)
		}
	}
	err := l.write()
	for i, c := range w.group {
		w.group[i] = nil
		c.done <- err
	}
	return true
}

// seal writes a frame without visits. It proves to recovery and to readers of another process that all before it was on disk.
func (l *Log) seal() {
	if l.w.sealed {
		return
	}
	l.w.cols.reset()
	l.w.news = l.w.news[:0]
	_ = l.write() // a full disk leaves the log unsealed, which costs nothing; a lost log has said so
}

// write puts w.cols on disk as one frame, behind the marks in w.news.
func (l *Log) write() error {
	w := &l.w
	if err := l.Err(); err != nil {
		return err
	}
	if w.at.Offset >= l.opt.SegmentBytes && w.cols.len() > 0 {
		if err := l.rotate(); err != nil {
			return err
		}
	}
	if len(w.news) > 0 {
		if err := l.mark(w.news); err != nil {
			return err
		}
	}
	if w.cols.len() > 0 || len(w.news) == 0 {
		if err := l.frame(); err != nil {
			return err
		}
	}
	w.marks.size += int64(len(w.news)) * markBytes
	l.mu.Lock()
	defer l.mu.Unlock()
	l.durable = w.at
	for _, r := range w.news {
		l.marks[r.delivery] = *r
	}
	return nil
}

// frame writes w.cols at the end of the last segment.
func (l *Log) frame() error {
	w := &l.w
	w.frame = w.cols.appendFrame(w.frame[:0], place{l.opt.Node, w.at.Segment, w.at.Offset}, w.at.Visits)
	if _, err := w.file.WriteAt(w.frame, w.at.Offset); err != nil {
		return l.undo(err)
	}
	end := w.at.Offset + int64(len(w.frame))
	if end > w.size {
		w.size = end
		if int64(len(w.frame)) <= l.opt.Room/framesInRoom {
			if err := l.room(); err != nil {
				return err
			}
		}
	}
	if err := w.file.Sync(); err != nil {
		return l.die("sync", err)
	}
	w.at.Offset = end
	w.at.Visits += uint64(w.cols.len())
	w.sealed = w.cols.len() == 0
	return nil
}

// room writes zeros at the end of the file; on a full disk there is none, which costs nothing.
func (l *Log) room() error {
	w := &l.w
	if w.zeros == nil {
		w.zeros = make([]byte, l.opt.Room)
	}
	_, err := w.file.WriteAt(w.zeros, w.size)
	switch {
	case err == nil:
		w.size += l.opt.Room
		return nil
	case !isFull(err):
		return l.die("write", err)
	}
	if err := w.file.Truncate(w.size); err != nil {
		return l.die("truncate", err)
	}
	return nil
}

// trim takes the room away, durably: a segment that is complete ends with its last frame.
func (l *Log) trim() error {
	w := &l.w
	if w.size == w.at.Offset {
		return nil
	}
	if err := w.file.Truncate(w.at.Offset); err != nil {
		return l.die("truncate", err)
	}
	if err := w.file.Sync(); err != nil {
		return l.die("sync", err)
	}
	w.size = w.at.Offset
	return nil
}

// undo takes back half a frame when the disk was full. Any other failure ends the log.
func (l *Log) undo(err error) error {
	if !isFull(err) {
		return l.die("write", err)
	}
	w := &l.w
	// The next segment's head will say that this one ends here, so the length must be on disk first.
	w.size = -1 // unknown
	if e := l.trim(); e != nil {
		return e
	}
	if len(w.news) > 0 {
		if e := l.unmark(); e != nil {
			return e
		}
	}
	return full(fmt.Errorf("append to %s: %w", segmentName(w.at.Segment), err))
}

// die ends the log. A failed sync may have dropped the pages it was to save and would succeed if tried again.
func (l *Log) die(what string, err error) error {
	err = fmt.Errorf("%w: %s %s: %w", ErrBroken, what, segmentName(l.w.at.Segment), err)
	lost := away(err)
	l.mu.Lock()
	l.lost = lost
	l.mu.Unlock()
	if l.opt.Broken != nil {
		l.opt.Broken(err)
	}
	return lost
}

// rotate begins a new segment. Its name and head are on disk before anything is written to it.
func (l *Log) rotate() error {
	w := &l.w
	if err := l.trim(); err != nil {
		return err
	}
	h := header{
		node: l.opt.Node, segment: w.at.Segment + 1, first: w.at.Visits, previous: w.at.Offset,
		created: clock.Millis(l.opt.Clock.Now()),
	}
	f, err := makeSegment(l.opt.Folder, h)
	switch {
	case err != nil && isFull(err):
		return full(err)
	case err != nil:
		return l.die("begin the segment after", err)
	}
	old := w.file
	w.file = f
	w.at = Position{Segment: h.segment, Offset: segmentHead, Visits: h.first}
	w.size, w.sealed = segmentHead, true
	if err := old.Close(); err != nil {
		return l.die("close the segment before", err)
	}
	return nil
}

// makeSegment creates a segment with its head, durably. An error that isFull left no trace of it.
func makeSegment(d Disk, h header) (File, error) {
	name := segmentName(h.segment)
	f, err := d.Create(name)
	if err != nil {
		return nil, err
	}
	if _, err = f.WriteAt(h.encode(), 0); err != nil {
		if e := errors.Join(f.Close(), d.Remove(name)); e != nil {
			return nil, e
		}
		return nil, err
	}
	err = f.Sync()
	if err == nil {
		err = d.Sync()
	}
	if err != nil {
		_ = f.Close()
		return nil, synced(err)
	}
	return f, nil
}

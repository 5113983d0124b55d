package visitlog

import (
	"context"
	"maps"
	"slices"
	"sync"
)

const feedDepth = 4 // frames decoded ahead

// feed decodes frames on a goroutine of its own, so that reading and counting share two processors. Its owner is the Run
// that started it.
type feed struct {
	free chan *columns
	full chan fed
	quit chan struct{}
	gone chan struct{}
}

// fed is one frame, or the error that ended the feed.
type fed struct {
	cols  *columns
	point nodePoint
	err   error
}

func startFeed(ctx context.Context, readers []*reader) *feed {
	f := &feed{
		free: make(chan *columns, feedDepth), full: make(chan fed, feedDepth),
		quit: make(chan struct{}), gone: make(chan struct{}),
	}
	for range feedDepth {
		f.free <- new(columns)
	}
	go f.run(ctx, readers)
	return f
}

// stop ends the goroutine and waits for it.
func (f *feed) stop() {
	close(f.quit)
	<-f.gone
}

func (f *feed) run(ctx context.Context, readers []*reader) {
	defer close(f.gone)
	defer close(f.full)
	for _, r := range readers {
		for {
			var c *columns
			select {
			case c = <-f.free:
			case <-f.quit:
				return
			}
			begun := r.at
			err := ctx.Err()
			more := false
			if err == nil {
				more, err = r.next(c)
			}
			if !more && err == nil && r.at == begun {
				f.free <- c
				break
			}
			if !more {
				c.reset() // seals only: the place moves, nothing is counted
			}
			item := fed{c, nodePoint{Node: r.node, Position: r.at, Last: r.last, CRC: r.crc}, err}
			select {
			case f.full <- item:
			case <-f.quit:
				return
			}
			if err != nil {
				return
			}
			if !more {
				break
			}
		}
	}
}

// batch is what is counted between two checkpoints.
type batch struct {
	tally  *tally
	months map[Month]*pairs
	points map[uint32]nodePoint
	n      int
	pool   *sync.Pool
}

func newBatch(pool *sync.Pool) *batch {
	return &batch{tally: newTally(), months: map[Month]*pairs{}, points: map[uint32]nodePoint{}, pool: pool}
}

// fill counts frames until there are about limit visits or memory bytes of counters; false when the logs are at their end.
func (b *batch) fill(f *feed, limit, memory int) (more bool, err error) {
	for item := range f.full {
		if item.err != nil {
			return false, item.err
		}
		b.add(item.cols)
		b.points[item.point.Node] = item.point
		f.free <- item.cols
		if b.n >= limit || b.tally.size() > memory {
			return true, nil
		}
	}
	return false, nil
}

func (b *batch) add(c *columns) {
	b.n += c.len()
	for lo := 0; lo < c.len(); {
		number := dayNumber(c.at[lo])
		begin := number*dayMillis - zone
		hi := lo + 1
		for hi < c.len() && uint64(c.at[hi]-begin) < dayMillis {
			hi++
		}
		b.addDay(number, c, lo, hi)
		lo = hi
	}
}

func (b *batch) addDay(number int64, c *columns, lo, hi int) {
	day := b.tally.day
	if b.tally.lines == nil || b.tally.number != number {
		day = dayNamed(number)
		b.tally.number = number
	}
	b.tally.add(day, c, lo, hi)
	month := b.months[day.Month()]
	if month == nil {
		month = new(pairs)
		b.months[day.Month()] = month
	}
	month.add(b.tally.dense, c.cols[colPerson][lo:hi], b.pool)
}

// write writes the batch as a run, without the people of months that are forgotten.
func (b *batch) write(d Disk, id uint64, gone []Month) (*run, error) {
	w, err := createRun(d, id)
	if err != nil {
		return nil, err
	}
	if err := b.writeTo(w, gone); err != nil {
		_ = w.file.Close()
		return nil, err
	}
	r, err := w.finish()
	if err != nil {
		_ = w.file.Close()
		return nil, err
	}
	return r, nil
}

func (b *batch) writeTo(w *runWriter, gone []Month) error {
	var err error
	for by := range byCount {
		b.tally.rows(by, func(r row) {
			if err == nil {
				err = w.row(by, r)
			}
		})
	}
	if err != nil {
		return err
	}
	for _, m := range slices.Sorted(maps.Keys(b.months)) {
		if slices.Contains(gone, m) {
			continue
		}
		for _, l := range b.months[m].lists(&b.tally.tables[ByAccount], b.pool) {
			if err := w.list(m, l); err != nil {
				return err
			}
		}
	}
	return nil
}

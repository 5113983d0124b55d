package visitlog

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"sync"
)

// FoldOptions say what is counted and where. Zero values take the default that the comment names.
type FoldOptions struct {
	Folder Disk     // of the fold alone
	Logs   []Source // one for each node
	Batch  int      // visits counted between two checkpoints at most, 12 bytes each; 8,388,608
	Memory int      // bytes of counters a batch, and of lists a question, holds at most; 256 MiB
}

// Fold holds what was counted.
type Fold struct {
	opt  FoldOptions
	lock io.Closer
	pool sync.Pool // blocks of pairs

	work   sync.Mutex // one Run, Compact, Retain, Verify or Close at a time
	closed bool
	lost   error

	mu    sync.RWMutex // held to read runs, and to exchange them
	runs  []*run
	point checkpoint
}

// OpenFold opens the fold in o.Folder, an empty one when the folder is. All it kept is read through once; what is not as it
// was written is a *Damage. A fold has no goroutine of its own.
func OpenFold(ctx context.Context, o FoldOptions) (*Fold, error) {
	if o.Folder == nil {
		return nil, errors.New("visitlog: a fold needs a folder")
	}
	if o.Batch <= 0 {
		o.Batch = 1 << 23
	}
	if o.Memory <= 0 {
		o.Memory = 256 << 20
	}
	held, err := o.Folder.Lock()
	if err != nil {
		return nil, err
	}
	f := &Fold{opt: o, lock: held}
	if err := f.load(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("open fold: %w", err), f.closeRuns(), held.Close())
	}
	return f, nil
}

func (f *Fold) load(ctx context.Context) error {
	d := f.opt.Folder
	var err error
	if f.point, err = loadCheckpoint(d); err != nil {
		return err
	}
	if f.point.crowds, err = readCrowds(d, f.point.Crowds); err != nil {
		return err
	}
	for _, info := range f.point.Runs {
		if err := ctx.Err(); err != nil {
			return err
		}
		r, err := openRun(d, info)
		if errors.Is(err, os.ErrNotExist) {
			return &Damage{File: runName(info.ID), Why: "the file is missing"}
		}
		if err != nil {
			return err
		}
		f.runs = append(f.runs, r)
	}
	// If the process before this one died between renaming and syncing, the system may show a checkpoint that the disk does
	// not have yet. Saving it again makes it true, before what it replaced is removed.
	if err := f.point.save(d); err != nil {
		return err
	}
	return f.sweep()
}

// sweep removes files of runs and crowds that the checkpoint does not name: an interrupted batch or what a merge replaced.
func (f *Fold) sweep() error {
	names, err := f.opt.Folder.List()
	if err != nil {
		return err
	}
	for _, name := range names {
		known := slices.ContainsFunc(f.point.Runs, func(r runInfo) bool { return runName(r.ID) == name })
		known = known || f.point.Crowds != nil && crowdName(f.point.Crowds.ID) == name
		if (isRun(name) || isCrowd(name)) && !known {
			if err := f.opt.Folder.Remove(name); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *Fold) closeRuns() error {
	var all error
	for _, r := range f.runs {
		all = errors.Join(all, r.file.Close())
	}
	f.runs = nil
	return all
}

// Close waits for what is under way and lets go of the folder. Later calls give ErrClosed.
func (f *Fold) Close() error {
	f.work.Lock()
	defer f.work.Unlock()
	if f.closed {
		return nil
	}
	f.closed = true
	f.mu.Lock()
	defer f.mu.Unlock()
	return errors.Join(f.closeRuns(), f.lock.Close())
}

// usable is asked under f.work.
func (f *Fold) usable() error {
	if f.closed {
		return ErrClosed
	}
	return f.lost
}

// Folded gives how many visits of all nodes are counted.
func (f *Fold) Folded() uint64 {
	f.mu.RLock()
	defer f.mu.RUnlock()
	return f.point.visits()
}

// At gives how far the log of a node is counted; the zero Position for one that was never seen.
func (f *Fold) At(node uint32) Position {
	f.mu.RLock()
	defer f.mu.RUnlock()
	for _, p := range f.point.Nodes {
		if p.Node == node {
			return p.Position
		}
	}
	return Position{}
}

// Run counts all that is new in the logs and returns how many visits that was. Each batch is saved together with how far it
// got: after an error, a kill or the end of ctx the next Run goes on behind the last one saved, and none is lost or counted
// twice. Reports of a full disk leave the fold usable; after a failed sync it must be opened again.
func (f *Fold) Run(ctx context.Context) (counted uint64, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := f.usable(); err != nil {
		return 0, err
	}
	readers, err := f.readers()
	defer func() { err = errors.Join(err, closeAll(readers)) }()
	if err != nil {
		return 0, err
	}
	return f.count(ctx, readers)
}

// count counts to the end of readers.
func (f *Fold) count(ctx context.Context, readers []*reader) (counted uint64, err error) {
	feed := startFeed(ctx, readers)
	defer feed.stop()
	from := f.point.Next
	for {
		b := newBatch(&f.pool)
		more, err := b.fill(feed, f.opt.Batch, f.opt.Memory)
		if err != nil {
			return counted, err
		}
		if len(b.points) > 0 {
			if err := f.commit(b); err != nil {
				return counted, err
			}
			counted += uint64(b.n)
		}
		if !more {
			return counted, f.gather(from)
		}
	}
}

// gather merges the runs from id first on: what one count made in several batches is one run in the end.
func (f *Fold) gather(first uint64) error {
	i := len(f.runs)
	for i > 0 && f.runs[i-1].ID >= first {
		i--
	}
	return f.merge(i)
}

// readers opens the logs of all nodes behind what was counted.
func (f *Fold) readers() ([]*reader, error) {
	var list []*reader
	seen := map[uint32]bool{}
	for _, src := range f.opt.Logs {
		node, err := nodeOf(src)
		if err != nil {
			return list, err
		}
		if node == 0 {
			continue
		}
		if seen[node] {
			return list, fmt.Errorf("visitlog: two logs say that they are node %d", node)
		}
		seen[node] = true
		p := nodePoint{Node: node}
		for _, q := range f.point.Nodes {
			if q.Node == node {
				p = q
			}
		}
		r, err := newReader(src, node, p.Position)
		if err != nil {
			return list, fmt.Errorf("node %d: %w", node, err)
		}
		if r == nil {
			continue
		}
		list = append(list, r)
		if err := r.resume(p.Last, p.CRC); err != nil {
			return list, fmt.Errorf("node %d: %w", node, err)
		}
	}
	return list, nil
}

func closeAll(readers []*reader) error {
	var all error
	for _, r := range readers {
		all = errors.Join(all, r.close())
	}
	return all
}

// nodeOf gives the node whose log a folder holds, 0 for an empty folder.
func nodeOf(src Source) (uint32, error) {
	if src.Log != nil {
		return src.Log.opt.Node, nil
	}
	r, err := newReader(src, 0, Position{})
	if err != nil || r == nil {
		return 0, err
	}
	return r.node, r.close()
}

// commit saves a batch.
func (f *Fold) commit(b *batch) error {
	point := f.point
	point.Nodes = slices.Clone(point.Nodes)
	for _, p := range b.points {
		i, found := slices.BinarySearchFunc(point.Nodes, p.Node, func(q nodePoint, n uint32) int { return int(int64(q.Node) - int64(n)) })
		if found {
			point.Nodes[i] = p
		} else {
			point.Nodes = slices.Insert(point.Nodes, i, p)
		}
	}
	runs := f.runs
	if !b.tally.empty() {
		r, err := b.write(f.opt.Folder, point.Next, point.Forgotten)
		if err != nil {
			return f.gaveUp(err, point.Next)
		}
		runs = append(slices.Clone(runs), r)
	}
	if err := f.replace(point, runs); err != nil {
		return err
	}
	return f.settle()
}

// gaveUp removes a run that was not finished. A sync that failed is never tried again.
func (f *Fold) gaveUp(err error, id uint64) error {
	if !isFull(err) {
		f.lost = fmt.Errorf("%w: %w", ErrBroken, err)
		return f.lost
	}
	e := f.opt.Folder.Remove(runName(id))
	if e == nil || errors.Is(e, os.ErrNotExist) {
		return full(err)
	}
	f.lost = fmt.Errorf("%w: %w", ErrBroken, e)
	return f.lost
}

// replace saves a checkpoint with runs, takes them into use and removes those that are not among them.
func (f *Fold) replace(point checkpoint, runs []*run) error {
	point.Runs = make([]runInfo, 0, len(runs))
	for _, r := range runs {
		point.Runs = append(point.Runs, r.runInfo)
		point.Next = max(point.Next, r.ID+1)
	}
	d := f.opt.Folder
	err := synced(d.Sync()) // the names of new runs before the checkpoint that names them
	if err == nil {
		err = point.save(d)
	}
	if err != nil {
		for _, r := range runs {
			if !slices.Contains(f.runs, r) {
				_ = r.file.Close()
				return f.gaveUp(err, r.ID)
			}
		}
		return f.gaveUp(err, 0)
	}
	f.mu.Lock()
	old := f.runs
	f.runs, f.point = runs, point
	f.mu.Unlock()
	for _, r := range old {
		if !slices.Contains(runs, r) {
			if err := errors.Join(r.file.Close(), d.Remove(runName(r.ID))); err != nil {
				f.lost = err
				return err
			}
		}
	}
	return nil
}

// fanIn runs of about one size are merged into one.
const fanIn = 6

// settle merges the newest runs once there are fanIn of their size, a power of fanIn, or smaller: there are never more than
// fanIn runs of a size, and a visit is written again only when its run outgrows one. Six batches of eight million are
// never merged before the fold is up to date.
func (f *Fold) settle() error {
	for len(f.runs) >= fanIn {
		i := len(f.runs)
		size := sizeClass(f.runs[i-1].Bytes)
		for i > 0 && sizeClass(f.runs[i-1].Bytes) <= size {
			i--
		}
		if len(f.runs)-i < fanIn {
			return nil
		}
		if err := f.merge(i); err != nil {
			return err
		}
	}
	return nil
}

func sizeClass(bytes int64) (class int) {
	for ; bytes >= fanIn; bytes /= fanIn {
		class++
	}
	return class
}

// merge makes one run of runs[from:].
func (f *Fold) merge(from int) error {
	if len(f.runs)-from < 2 {
		return nil
	}
	r, err := writeMerged(f.opt.Folder, f.point.Next, f.runs[from:], nil)
	if err != nil {
		return f.gaveUp(err, f.point.Next)
	}
	return f.replace(f.point, append(slices.Clone(f.runs[:from]), r))
}

// Compact makes one file of all that was counted. Its bytes depend on the visits counted alone.
func (f *Fold) Compact(ctx context.Context) error {
	f.work.Lock()
	defer f.work.Unlock()
	if err := errors.Join(f.usable(), ctx.Err()); err != nil {
		return err
	}
	return f.merge(0)
}

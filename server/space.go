package server

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"zhijian/ground/fault"
)

// Space says when a filling disk makes the house stop opening cases, so that the running ones can end
// (reliability.md R05). Zero fields mean the defaults.
type Space struct {
	// Percent of the file system and Bytes are the floor; the smaller of the two counts. 5 and 512 MiB.
	Percent int
	Bytes   int64
	// Ballast is a file that is given up at the floor, so that there is room to end what runs: 256 MiB, 16 MiB in a
	// demonstration, never more than a twentieth of the file system. Negative for none; PostgreSQL needs none here.
	Ballast int64
	// Every is how often the house looks; 5 s.
	Every time.Duration
}

// withDefaults fills in the floor.
func (c Space) withDefaults() Space {
	if c.Percent == 0 {
		c.Percent = 5
	}
	if c.Bytes == 0 {
		c.Bytes = 512 << 20
	}
	return c
}

const ballastName = "ballast"

// spaceWatch looks at the free space of the data folder and says whether there is room for new cases.
type spaceWatch struct {
	c      Space
	dir    string
	log    *slog.Logger
	full   atomic.Bool
	broken bool // the last measurement failed; said once
	free   prometheus.Gauge
	mode   prometheus.Gauge
}

func (h *House) openSpace(context.Context) error {
	c := h.c.Space.withDefaults()
	switch {
	case c.Ballast < 0 || c.Ballast == 0 && h.c.Database != "": // the database's disk is another one
		c.Ballast = 0
	case c.Ballast == 0 && h.c.Demo:
		c.Ballast = 16 << 20
	case c.Ballast == 0:
		c.Ballast = 256 << 20
	}
	if c.Every == 0 {
		c.Every = 5 * time.Second
	}
	h.space = &spaceWatch{
		c: c, dir: h.c.Data, log: h.c.Log,
		free: prometheus.NewGauge(prometheus.GaugeOpts{Name: "zhijian_space_free_bytes", Help: "Free space of the data folder's file system, without the ballast."}),
		mode: prometheus.NewGauge(prometheus.GaugeOpts{Name: "zhijian_space_full", Help: "1 while new cases are refused for want of space."}),
	}
	return errors.Join(h.metrics.Register(h.space.free), h.metrics.Register(h.space.mode))
}

// room refuses new cases while the disk is full.
func (w *spaceWatch) room() error {
	if !w.full.Load() {
		return nil
	}
	return fault.Unavailable("space", "系统的存储空间快满了，暂时不能开始新的办理。正在办的、付款和查看都不受影响，请过一会儿再试")
}

// run looks until ctx ends.
func (w *spaceWatch) run(ctx context.Context) error {
	tick := time.NewTicker(w.c.Every)
	defer tick.Stop()
	for {
		w.look()
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil
		}
	}
}

// look measures once. The ballast never counts as free, there or not, so that giving it up does not end the mode.
func (w *spaceWatch) look() {
	free, total, err := freeSpace(w.dir)
	if err != nil {
		if !w.broken {
			w.log.Warn("free space cannot be measured; new cases are taken whatever is left", "error", err)
		}
		w.broken = true
		return
	}
	w.broken = false
	ballast, there := min(w.c.Ballast, total/20), w.ballast()
	if ballast > there {
		free -= ballast - there
	}
	w.free.Set(float64(free))
	full := free < min(total/100*int64(w.c.Percent), w.c.Bytes)
	if full != w.full.Swap(full) {
		w.tell(full, free)
	}
	switch {
	case full && there > 0:
		if err := os.Remove(filepath.Join(w.dir, ballastName)); err != nil {
			w.log.Warn("the ballast could not be given up", "error", err)
		}
	case !full && there < ballast:
		if err := w.load(ballast); err != nil {
			w.log.Warn("the ballast could not be laid down", "error", err)
		}
	}
}

func (w *spaceWatch) tell(full bool, free int64) {
	if full {
		w.mode.Set(1)
		w.log.Warn("the disk is full; new cases are refused until there is space", "free", free)
		return
	}
	w.mode.Set(0)
	w.log.Info("there is space again; new cases are taken", "free", free)
}

// ballast is the size of the file that is there.
func (w *spaceWatch) ballast() int64 {
	info, err := os.Stat(filepath.Join(w.dir, ballastName))
	if err != nil {
		return 0
	}
	return info.Size()
}

// load lays the ballast down, whole or not at all.
func (w *spaceWatch) load(size int64) error {
	path := filepath.Join(w.dir, ballastName)
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	err = errors.Join(occupy(f, size), f.Close())
	if err != nil {
		err = errors.Join(err, os.Remove(path))
	}
	return err
}

// fill writes size bytes that no file system can leave out.
func fill(f *os.File, size int64) error {
	block := make([]byte, 1<<20)
	for i := range block {
		block[i] = byte(i*7 + i>>8)
	}
	for size > 0 {
		n, err := f.Write(block[:min(size, int64(len(block)))])
		if err != nil {
			return err
		}
		size -= int64(n)
	}
	return f.Sync()
}

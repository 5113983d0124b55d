package sqldb

import (
	"errors"
	"fmt"
	"time"
)

// Checkpoints run on the writer's goroutine and nowhere else: the one bug in fifteen years
// of WAL mode needed two of them at once (reliability.md, part 1).
const (
	ckLook     = "noop" // only asks how long the WAL is
	ckPassive  = "passive"
	ckTruncate = "truncate"

	passiveFrames  = 1000 // look for a pause from here on
	urgentFrames   = 4000 // do not wait for one any more
	truncateFrames = 64 << 20 / 4096
	truncateWait   = 50 * time.Millisecond // for readers to leave the WAL
)

// checkpointDue moves the WAL into the file when enough has gathered.
func (w *writer) checkpointDue() {
	if w.lost != nil {
		return
	}
	frames, moved, err := w.walState(ckLook)
	if err != nil {
		w.checkpointFailed(err)
		return
	}
	if frames < w.tried {
		w.tried = 0 // the WAL began anew
	}
	due := min(frames-moved, frames-w.tried)
	if due < passiveFrames || (due < urgentFrames && len(w.queue) > 0) {
		return
	}
	w.tried = frames
	kind := ckPassive
	if frames >= truncateFrames {
		kind = ckTruncate
	}
	if err := w.checkpoint(kind); err != nil {
		w.checkpointFailed(err)
	}
}

// checkpointIdle empties the WAL while nobody writes. It reports whether it is empty;
// readers may keep it from being so.
func (w *writer) checkpointIdle() bool {
	if w.lost != nil {
		return true
	}
	frames, _, err := w.walState(ckLook)
	if err == nil && frames > 0 {
		if err = w.checkpoint(ckTruncate); err == nil {
			frames, _, err = w.walState(ckLook)
		}
	}
	if err != nil {
		w.checkpointFailed(err)
		return true
	}
	return frames <= 0
}

func (w *writer) checkpointFailed(err error) {
	if isBroken(err) {
		w.abort(err)
		return
	}
	w.db.cfg.Log.Warn("checkpoint did not finish", "error", err)
}

func (w *writer) checkpoint(kind string) (err error) {
	if kind == ckTruncate {
		if err := w.setBusy(truncateWait); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, w.setBusy(5*time.Second)) }()
	}
	_, _, err = w.walState(kind)
	return err
}

func (w *writer) setBusy(d time.Duration) error {
	_, err := w.conn.ExecContext(w.db.ctx, fmt.Sprintf("pragma busy_timeout = %d", d.Milliseconds()))
	return err
}

// walState runs a checkpoint of the kind and gives the frames in the WAL and how many of
// them are in the file.
func (w *writer) walState(kind string) (frames, moved int, err error) {
	s, err := w.prepare("pragma wal_checkpoint(" + kind + ")")
	if err != nil {
		return 0, 0, err
	}
	var blocked int
	err = s.QueryRowContext(w.db.ctx).Scan(&blocked, &frames, &moved)
	return frames, moved, err
}

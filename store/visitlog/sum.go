package visitlog

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
)

// Sum compacts the fold and gives the SHA-256 of all its bytes: the same for the same visits, whatever the order of nodes,
// the size of calls and batches or the number of restarts. A fold that counted nothing has the sum of no bytes.
func (f *Fold) Sum(ctx context.Context) (sum [sha256.Size]byte, err error) {
	f.work.Lock()
	defer f.work.Unlock()
	if err := errors.Join(f.usable(), ctx.Err()); err != nil {
		return sum, err
	}
	if err := f.merge(0); err != nil {
		return sum, err
	}
	h := sha256.New()
	for _, r := range f.runs {
		if _, err := io.CopyBuffer(h, io.NewSectionReader(r.file, 0, r.Bytes), make([]byte, runBuffer)); err != nil {
			return sum, err
		}
	}
	h.Sum(sum[:0])
	return sum, nil
}

package visitlog_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"math/rand/v2"
	"testing"

	"zhijian/store/visitlog"
)

// TestSum: the sum depends on the visits alone, and is that of the one run that is left.
func TestSum(t *testing.T) {
	t.Parallel()
	logs := oddLog(t, 1, 40, rand.New(rand.NewPCG(5, 6)), newModel())
	var first [sha256.Size]byte
	for i, batch := range []int{1, 100, 1 << 20} {
		d := newMemory()
		f := mustFold(t, visitlog.FoldOptions{Folder: d, Logs: []visitlog.Source{{Folder: logs}}, Batch: batch})
		if empty, err := f.Sum(context.Background()); err != nil || empty != sha256.Sum256(nil) {
			t.Fatalf("before anything was counted: %x, %v", empty, err)
		}
		mustRun(t, f)
		sum, err := f.Sum(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if i == 0 {
			first = sum
		}
		if got := sha256.Sum256(onlyRun(t, d)); got != sum || sum != first {
			t.Errorf("batches of %d: sum %x, of the file %x, with other batches %x", batch, sum, got, first)
		}
		mustClose(t, f)
		if _, err := f.Sum(context.Background()); !errors.Is(err, visitlog.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

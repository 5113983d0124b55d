package visitlog_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"zhijian/store/visitlog"
)

const childFolder = "VISITLOG_TEST_CHILD"

func TestMain(m *testing.M) {
	if path := os.Getenv(childFolder); path != "" {
		fmt.Fprintln(os.Stderr, child(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// child appends from eight callers and folds all the while, and says on its output what was acknowledged.
func child(path string) error {
	ctx := context.Background()
	logs, err := visitlog.Folder(filepath.Join(path, "log"))
	if err != nil {
		return err
	}
	folded, err := visitlog.Folder(filepath.Join(path, "fold"))
	if err != nil {
		return err
	}
	o := options(logs)
	o.SegmentBytes = 20_000
	l, err := visitlog.Open(ctx, o)
	if err != nil {
		return err
	}
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: folded, Logs: []visitlog.Source{{Folder: logs, Log: l}}, Batch: 500})
	if err != nil {
		return err
	}
	begun := uint32(l.Durable().Visits) // more than all calls of earlier lives: no two share a number
	for caller := range uint32(8) {
		go func() {
			for i := uint32(0); ; i++ {
				number := begun + i*8 + caller
				if err := l.Append(ctx, call(number, 9)); err != nil {
					panic(err)
				}
				fmt.Println(number)
			}
		}()
	}
	for {
		if _, err := f.Run(ctx); err != nil {
			return err
		}
	}
}

// A process is killed while it appends and folds, again and again: nothing that it acknowledged is lost, and the fold equals
// a recount each time.
func TestKilledProcess(t *testing.T) {
	t.Parallel()
	path := t.TempDir()
	r := rand.New(rand.NewPCG(12, 12))
	acked := map[uint32]int{}
	for life := range 15 {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childFolder+"="+path)
		cmd.Stderr = os.Stderr
		out, err := cmd.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		stop := len(acked) + r.IntN(200)
		lines := bufio.NewScanner(out)
		killed := false
		for lines.Scan() {
			var number uint32
			if _, err := fmt.Sscan(lines.Text(), &number); err != nil {
				continue // cut off by the kill
			}
			acked[number] = 9
			if len(acked) > stop && !killed {
				killed = true
				<-time.After(time.Duration(r.IntN(5000)) * time.Microsecond) // the instant of the kill is what varies
				if err := cmd.Process.Kill(); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := cmd.Wait(); err == nil || !killed {
			t.Fatalf("life %d ended by itself: %v", life, err)
		}
		checkLife(t, path, acked)
	}
}

func checkLife(t *testing.T, path string, acked map[uint32]int) {
	t.Helper()
	logs := folderAt(t, filepath.Join(path, "log"))
	l := mustOpen(t, options(logs))
	f := mustFold(t, visitlog.FoldOptions{Folder: folderAt(t, filepath.Join(path, "fold")), Logs: []visitlog.Source{{Folder: logs, Log: l}}})
	mustRun(t, f)
	rep, err := f.Verify(context.Background(), folderAt(t, filepath.Join(path, "scratch")))
	if err != nil || rep.Wrong != nil || rep.Visits != l.Durable().Visits {
		t.Fatalf("verify: %+v, %v", rep, err)
	}
	mustClose(t, f)
	mustClose(t, l)
	checkCalls(t, 0, mustWalk(t, logs), acked)
}

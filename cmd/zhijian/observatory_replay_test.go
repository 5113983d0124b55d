package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/store/visitlog"
	"zhijian/store/visitlog/ndjson"
	"zhijian/store/visitlog/stream"
)

const asBinary = "ZHIJIAN_TEST_AS_BINARY"

// TestMain makes this program the binary itself when a test starts it so.
func TestMain(m *testing.M) {
	if os.Getenv(asBinary) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// zhijian runs the binary. code is −1 when it was killed.
func zhijian(ctx context.Context, t *testing.T, args ...string) (out, said string, code int) {
	t.Helper()
	c := exec.CommandContext(ctx, os.Args[0], args...)
	c.Env = append(os.Environ(), asBinary+"=1")
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		if _, ok := errors.AsType[*exec.ExitError](err); !ok && ctx.Err() == nil {
			t.Fatal(err)
		}
	}
	return stdout.String(), stderr.String(), c.ProcessState.ExitCode()
}

// replay runs a replay and gives what it found, without what differs from run to run.
func replay(t *testing.T, wantCode int, args ...string) replayed {
	t.Helper()
	out, said, code := zhijian(t.Context(), t, append([]string{"observatory", "replay", "--json"}, args...)...)
	if code != wantCode {
		t.Fatalf("%v: status %d\n%s%s", args, code, out, said)
	}
	var r replayed
	if err := json.Unmarshal([]byte(out), &r); err != nil {
		t.Fatalf("%v: %v in %q", args, err, out)
	}
	if r.Recounted != r.Visits || len(r.Sum) != 64 {
		t.Errorf("%v: %+v", args, r)
	}
	return r
}

// totals is what must not depend on how the visits came.
func totals(r replayed) replayed {
	return replayed{Visits: r.Visits, Accounts: r.Accounts, Prefectures: r.Prefectures, Provinces: r.Provinces, Sum: r.Sum}
}

var smallNation = []string{"--simulate", "100000", "--people", "20000", "--seed", "7"}

func TestReplaySimulated(t *testing.T) {
	t.Parallel()
	want := replay(t, 0, smallNation...)
	if want.Visits != 100_000 || want.Appended != 100_000 || want.Folded != 100_000 || !want.Simulated || want.AppendRate <= 0 || want.FoldRate <= 0 {
		t.Errorf("%+v", want)
	}
	if p := want.Prefectures; p.Groups != 334 || p.People == 0 || want.Provinces.Groups != 31 || want.Accounts.People < p.People || p.People < want.Provinces.People {
		t.Errorf("distinct people: %+v", want)
	}
	data := t.TempDir()
	other := replay(t, 0, append(smallNation, "--lot", "999", "--batch", "7001", "--data", data)...)
	if d := cmp.Diff(totals(want), totals(other)); d != "" {
		t.Errorf("other lots and batches: %s", d)
	}
	again := replay(t, 0, append(smallNation, "--data", data)...)
	if d := cmp.Diff(totals(want), totals(again)); d != "" || again.Appended != 0 || again.Folded != 0 {
		t.Errorf("again in the same folder: %+v %s", again, d)
	}
	out, said, code := zhijian(t.Context(), t, append([]string{"observatory", "replay"}, smallNation...)...)
	if code != 0 || !strings.Contains(out, "Sum "+want.Sum+".\n") || !strings.Contains(out, "Recounted 100000 visits") {
		t.Errorf("in words: status %d\n%s%s", code, out, said)
	}
}

// TestReplayKilled: whenever it is killed, the next run in the same folder goes on, and the totals are those of one run.
func TestReplayKilled(t *testing.T) {
	t.Parallel()
	want := totals(replay(t, 0, smallNation...))
	data := t.TempDir()
	args := append([]string{"observatory", "replay", "--lot", "200", "--batch", "3000", "--data", data}, smallNation...)
	killed := 0
	for range 12 {
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(20+rand.IntN(300))*time.Millisecond)
		_, said, code := zhijian(ctx, t, args...)
		cancel()
		switch code {
		case -1:
			killed++
		case 0:
		default:
			t.Fatalf("status %d: %s", code, said)
		}
	}
	got := replay(t, 0, append(smallNation, "--data", data)...)
	if d := cmp.Diff(want, totals(got)); d != "" {
		t.Errorf("killed %d times: %s", killed, d)
	}
	t.Logf("killed %d times", killed)
}

// TestReplayFile: a file of the same visits gives the same totals, and lines that are none change nothing but the status.
func TestReplayFile(t *testing.T) {
	t.Parallel()
	want := totals(replay(t, 0, smallNation...))
	s, err := stream.New(stream.Config{Visits: 100_000, People: 20_000, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	names := map[visitlog.Kind]string{}
	for name, kind := range ndjson.Kinds {
		names[kind] = name
	}
	var good, mixed strings.Builder
	buf := make([]visitlog.Visit, s.Len())
	s.Fill(buf, 0)
	for i, v := range buf {
		line := fmt.Sprintf(`{"at":%d,"account":%d,"person":%d,"city":%d,"service":%d,"kind":%q,"channel":%d,"level":%d,"home":%d}`+"\n",
			v.At, v.Account, v.Person, v.City, v.Service, names[v.Kind], v.Channel, v.Level, s.Home(v.Account))
		good.WriteString(line)
		mixed.WriteString(line)
		if i == 1 {
			mixed.WriteString("\nnonsense\n{\"at\":1,\"account\":0,\"kind\":\"view\"}\n" + strings.Repeat("x", 70_000) + "\n")
		}
	}
	dir := t.TempDir()
	file := write(t, filepath.Join(dir, "visits.ndjson"), good.String())
	if d := cmp.Diff(want, totals(replay(t, 0, "--visits", file, "--lot", "777"))); d != "" {
		t.Errorf("from a file: %s", d)
	}
	bad := write(t, filepath.Join(dir, "mixed.ndjson"), mixed.String())
	data := filepath.Join(dir, "data")
	for range 2 {
		if d := cmp.Diff(want, totals(replay(t, 1, "--visits", bad, "--data", data))); d != "" {
			t.Errorf("with bad lines: %s", d)
		}
	}
	_, said, code := zhijian(t.Context(), t, "observatory", "replay", "--visits", bad, "--data", data)
	for _, line := range []string{
		"refused: line 4: it is not one flat JSON object\n", "refused: line 5: \"account\" is not a whole number from 1 to 4294967295\n",
		"refused: line 6: it is longer than 64 KB\n", "zhijian: 3 lines were refused; the others are counted\n",
	} {
		if !strings.Contains(said, line) || code != 1 {
			t.Errorf("status %d, %q does not say %q", code, said, line)
		}
	}
	if _, said, code := zhijian(t.Context(), t, "observatory", "replay", "--visits", file, "--data", data); code != 1 || !strings.Contains(said, "holds the replay of a file of ") {
		t.Errorf("other visits in the same folder: status %d, %q", code, said)
	}
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "other", "replay", "log"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"nothing to replay": {nil, "say what to replay"},
		"two things":        {[]string{"--simulate", "1", "--visits", "x"}, "say what to replay"},
		"no such file":      {[]string{"--visits", filepath.Join(dir, "none")}, "no such file"},
		"a folder":          {[]string{"--visits", dir}, "no file named .ndjson or .ndjson.gz"},
		"no visits":         {[]string{"--simulate", "0"}, "say what to replay"},
		"no number":         {[]string{"--simulate", "many"}, "many"},
		"too many":          {[]string{"--simulate", "2000000000000"}, "at most"},
		"too few people":    {[]string{"--simulate", "1", "--people", "5"}, "at least 334"},
		"too large a lot":   {[]string{"--simulate", "1", "--lot", "65537"}, "--lot is from 1 to 65536"},
		"no batch":          {[]string{"--simulate", "1", "--batch", "0"}, "at least one visit"},
		"another log":       {[]string{"--simulate", "1", "--data", filepath.Join(dir, "other")}, "that is no replay"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, said, code := zhijian(t.Context(), t, append([]string{"observatory", "replay"}, c.args...)...); code == 0 || !strings.Contains(said, c.says) {
				t.Errorf("status %d, %q, want %q", code, said, c.says)
			}
		})
	}
}

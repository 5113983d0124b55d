package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"zhijian/ground/clock"
	"zhijian/store/visitlog"
	"zhijian/store/visitlog/stream"
)

type observatoryReplayCmd struct {
	Visits   string `help:"Visits, one JSON object a line (docs/visit-log.md), packed by gzip or not; or a folder of such files." placeholder:"FILE"`
	Simulate uint64 `help:"So many simulated visits of a nation." placeholder:"N"`
	Data     string `help:"Data folder; the replay is in its folder replay, and goes on there when it was interrupted. Without it, a temporary one." placeholder:"DIR"`
	People   uint32 `default:"258000000" help:"People of the simulated nation." placeholder:"N"`
	Seed     uint64 `default:"1" help:"The same seed gives the same visits." placeholder:"N"`
	Lot      int    `default:"65536" help:"Visits in one call of the log, at most 65536." placeholder:"N"`
	Batch    int    `default:"8388608" help:"Visits counted between two checkpoints." placeholder:"N"`
	JSON     bool   `name:"json" help:"Print one JSON object."`
}

// replayed is what a replay found. Rates are of what this run did, not of what an interrupted one had done.
type replayed struct {
	Simulated     bool    `json:"simulated"`
	Visits        uint64  `json:"visits"`
	Refused       int     `json:"refused"`
	Appended      uint64  `json:"appended"`
	AppendSeconds float64 `json:"append_seconds"` // making or reading the visits included
	AppendRate    float64 `json:"append_per_second"`
	Folded        uint64  `json:"folded"`
	FoldSeconds   float64 `json:"fold_seconds"`
	FoldRate      float64 `json:"fold_per_second"`
	Recounted     uint64  `json:"recounted"`
	VerifySeconds float64 `json:"verify_seconds"`
	Accounts      sums    `json:"accounts"`
	Prefectures   sums    `json:"prefectures"`
	Provinces     sums    `json:"provinces"`
	AskSeconds    float64 `json:"ask_seconds"`
	PeakBytes     int64   `json:"peak_bytes,omitempty"`
	Sum           string  `json:"sum"`
}

// sums are the groups that anybody known visited, and their distinct people added up.
type sums struct {
	Groups int    `json:"groups"`
	People uint64 `json:"people"`
}

// visitSource gives visits in an order that never changes.
type visitSource struct {
	name string // of all that decides what the visits are
	fill func([]visitlog.Visit) (int, error)
	skip func(uint64) error // passes over the first ones
	home func(account uint32) (uint32, bool)
}

// Run appends, folds, recounts, asks and prints.
func (c observatoryReplayCmd) Run(ctx context.Context) (err error) {
	defer func() {
		if errors.Is(err, context.Canceled) {
			err = errors.New("the replay was stopped; the same command with the same --data goes on")
		}
		err = plain(err)
	}()
	if err := c.check(); err != nil {
		return err
	}
	dir := filepath.Join(c.Data, "replay")
	if c.Data == "" {
		if dir, err = os.MkdirTemp("", "zhijian-replay-"); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	}
	r := replayed{Simulated: c.Simulate > 0}
	src := visitSource{}
	if r.Simulated {
		src, err = c.simulated()
	} else {
		files, e := visitFiles(c.Visits)
		if e != nil {
			return e
		}
		lines := &chain{files: files, open: openPlain}
		defer func() { err = errors.Join(err, lines.Close()) }()
		src, err = written(files, lines, &r)
	}
	if err != nil {
		return err
	}
	if err := c.replay(ctx, dir, src, &r); err != nil {
		return err
	}
	if c.JSON {
		if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
			return err
		}
	}
	if r.Refused > 0 {
		return fmt.Errorf("%d lines were refused; the others are counted", r.Refused)
	}
	return nil
}

func (c observatoryReplayCmd) check() error {
	switch {
	case (c.Visits == "") == (c.Simulate == 0):
		return errors.New("say what to replay: --visits FILE, or --simulate N with N from 1")
	case c.Simulate > 1<<40:
		return errors.New("--simulate is at most 1099511627776 visits")
	case c.People < 334:
		return errors.New("--people is at least 334, one for every prefecture")
	case c.Lot < 1 || c.Lot > visitlog.MaxCall:
		return fmt.Errorf("--lot is from 1 to %d visits", visitlog.MaxCall)
	case c.Batch < 1:
		return errors.New("--batch is at least one visit")
	}
	return nil
}

func (c observatoryReplayCmd) simulated() (visitSource, error) {
	s, err := stream.New(stream.Config{Visits: c.Simulate, People: c.People, Seed: c.Seed})
	if err != nil {
		return visitSource{}, err
	}
	next := uint64(0)
	return visitSource{
		name: fmt.Sprintf("%d simulated visits of %d people, seed %d", c.Simulate, c.People, c.Seed),
		fill: func(dst []visitlog.Visit) (int, error) {
			n := s.Fill(dst, next)
			next += uint64(n)
			return n, nil
		},
		skip: func(n uint64) error { next = n; return nil },
		home: func(account uint32) (uint32, bool) { return s.Home(account), true },
	}, nil
}

// written are the visits of files, which lines reads. Lines that it cannot take are told of on standard error and counted in r, and so is
// whether any says that it is simulated.
func written(files []string, lines io.Reader, r *replayed) (visitSource, error) {
	h := sha256.New()
	size, err := io.Copy(h, &chain{files: files, open: openRaw})
	if err != nil {
		return visitSource{}, err
	}
	said := bufio.NewWriter(os.Stderr)
	in := newVisitReader(lines, func(line uint64, why error) { fmt.Fprintf(said, "refused: line %d: %v\n", line, why) })
	fill := func(dst []visitlog.Visit) (int, error) {
		n, err := in.Fill(dst)
		r.Refused, r.Simulated = int(in.Refused()), in.Simulated() > 0
		return n, errors.Join(err, said.Flush())
	}
	return visitSource{
		name: fmt.Sprintf("a file of %d bytes, SHA-256 %x", size, h.Sum(nil)),
		fill: fill,
		skip: func(n uint64) error {
			buf := make([]visitlog.Visit, visitlog.MaxCall)
			for n > 0 {
				got, err := fill(buf[:min(n, visitlog.MaxCall)])
				if err != nil {
					return err
				}
				if got == 0 {
					return errors.New("the log holds more visits than the file")
				}
				n -= uint64(got)
			}
			return nil
		},
		home: func(account uint32) (uint32, bool) { at, ok := in.homes[account]; return at, ok },
	}, nil
}

func (c observatoryReplayCmd) say(format string, args ...any) {
	if !c.JSON {
		fmt.Printf(format+"\n", args...)
	}
}

func (c observatoryReplayCmd) replay(ctx context.Context, dir string, src visitSource, r *replayed) (err error) {
	if err := claim(dir, src.name); err != nil {
		return err
	}
	logs, err := visitlog.Folder(filepath.Join(dir, "log"))
	if err != nil {
		return err
	}
	if err := c.append(ctx, logs, src, r); err != nil {
		return err
	}
	c.say("Appended %d visits in %.2f s, %.0f a second; the log holds %d.", r.Appended, r.AppendSeconds, r.AppendRate, r.Visits)
	folder, err := visitlog.Folder(filepath.Join(dir, "fold"))
	if err != nil {
		return err
	}
	f, err := visitlog.OpenFold(ctx, visitlog.FoldOptions{Folder: folder, Logs: []visitlog.Source{{Folder: logs}}, Batch: c.Batch})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	took := clock.Stopwatch()
	if r.Folded, err = f.Run(ctx); err != nil {
		return err
	}
	r.FoldSeconds, r.FoldRate = rate(r.Folded, took())
	if f.Folded() != r.Visits {
		return fmt.Errorf("the log holds %d visits, and %d are counted", r.Visits, f.Folded())
	}
	c.say("Folded %d visits in %.2f s, %.0f a second.", r.Folded, r.FoldSeconds, r.FoldRate)
	if err := c.ask(ctx, f, src, r); err != nil {
		return err
	}
	if err := c.verify(ctx, f, filepath.Join(dir, "recount"), r); err != nil {
		return err
	}
	sum, err := f.Sum(ctx)
	if err != nil {
		return err
	}
	r.Sum = hex.EncodeToString(sum[:])
	if r.PeakBytes = peakMemory(); r.PeakBytes > 0 {
		c.say("Peak memory %d MB.", r.PeakBytes/1_000_000)
	}
	c.say("Sum %s.", r.Sum)
	if r.Simulated {
		c.say("The visits are simulated.")
	}
	return nil
}

// claim keeps what is replayed in a folder, so that no other visits are ever counted into it.
func claim(dir, name string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	path := filepath.Join(dir, "SOURCE")
	have, err := os.ReadFile(path)
	if err == nil && string(bytes.TrimSpace(have)) == name {
		return nil
	}
	if err == nil {
		return fmt.Errorf("%s holds the replay of %s; choose another --data, or remove that folder", dir, bytes.TrimSpace(have))
	}
	if !errors.Is(err, os.ErrNotExist) {
		return err
	}
	if _, err := os.Stat(filepath.Join(dir, "log")); err == nil {
		return fmt.Errorf("%s holds a log of visits that is no replay; choose another --data", dir)
	}
	if err := os.WriteFile(path+".new", []byte(name+"\n"), 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// append goes on behind the visits that are in the log already: there is one caller, so they are the first ones.
func (c observatoryReplayCmd) append(ctx context.Context, logs visitlog.Disk, src visitSource, r *replayed) (err error) {
	l, err := visitlog.Open(ctx, visitlog.Options{Folder: logs, Node: 1, Clock: new(clock.System)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := src.skip(l.Durable().Visits); err != nil {
		return err
	}
	took := clock.Stopwatch()
	buf := make([]visitlog.Visit, c.Lot)
	for {
		n, err := src.fill(buf)
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if err := l.Append(ctx, buf[:n]); err != nil {
			return err
		}
		r.Appended += uint64(n)
	}
	r.AppendSeconds, r.AppendRate = rate(r.Appended, took())
	r.Visits = l.Durable().Visits
	return nil
}

// ask counts distinct people. Accounts without a known home are in no prefecture and no province.
func (c observatoryReplayCmd) ask(ctx context.Context, f *visitlog.Fold, src visitSource, r *replayed) error {
	took := clock.Stopwatch()
	levels, err := f.Nested(ctx, visitlog.Span{First: 0, Last: 999_999},
		func(account uint32) (uint32, bool) { return account, true },
		src.home,
		func(account uint32) (uint32, bool) { at, ok := src.home(account); return at / 10000, ok })
	if err != nil {
		return err
	}
	for k, to := range []*sums{&r.Accounts, &r.Prefectures, &r.Provinces} {
		to.Groups = len(levels[k])
		for _, g := range levels[k] {
			to.People += g.People
		}
	}
	r.AskSeconds = took().Seconds()
	c.say("Distinct people, added up: %d over %d accounts, %d over %d prefectures, %d over %d provinces; asked in %.2f s.",
		r.Accounts.People, r.Accounts.Groups, r.Prefectures.People, r.Prefectures.Groups, r.Provinces.People, r.Provinces.Groups, r.AskSeconds)
	return nil
}

// verify counts the log again from its beginning.
func (c observatoryReplayCmd) verify(ctx context.Context, f *visitlog.Fold, path string, r *replayed) error {
	scratch, err := visitlog.Folder(path)
	if err != nil {
		return err
	}
	took := clock.Stopwatch()
	report, err := f.Verify(ctx, scratch)
	if err != nil {
		return err
	}
	if report.Wrong != nil {
		return fmt.Errorf("a recount of the log gives another number: %s", report.Wrong)
	}
	r.Recounted, r.VerifySeconds = report.Visits, took().Seconds()
	c.say("Recounted %d visits in %.2f s: every number and every set of people is equal.", r.Recounted, r.VerifySeconds)
	return nil
}

func rate(n uint64, took time.Duration) (seconds, perSecond float64) {
	seconds = took.Seconds()
	if n > 0 && seconds > 0 {
		perSecond = float64(n) / seconds
	}
	return seconds, perSecond
}

// peakMemory is the most memory this process ever held, in bytes; 0 where the system does not say.
func peakMemory() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.TrimSuffix(strings.TrimSpace(rest), " kB"), 10, 64)
			return kb * 1024
		}
	}
	return 0
}

package main

import (
	"crypto/sha256"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/region"
	"zhijian/store/visitlog"
)

// simulate runs the binary under other settings of the machine.
func simulate(t *testing.T, out, streams string, env ...string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), os.Args[0], "observatory", "simulate", "--seed", "3", "--out", out, "--streams", streams)
	c.Env = append(append(os.Environ(), asBinary+"=1"), env...)
	if b, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, b)
	}
}

// rows reads a table of the simulation as maps by header.
func rows(t *testing.T, path string) (list []map[string]string) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range all[1:] {
		m := map[string]string{}
		for i, name := range all[0] {
			m[name] = r[i]
		}
		list = append(list, m)
	}
	return list
}

// statedMonths are the rows of months.csv whose accounts lie in a region, by number.
func statedMonths(t *testing.T, folder, within string) map[uint32]observatory.Month {
	t.Helper()
	tree, err := region.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	in := map[string]bool{}
	for _, a := range rows(t, filepath.Join(folder, "accounts.csv")) {
		in[a["id"]] = tree.Within(a["region_code"], within)
	}
	whole := func(s string) int64 {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	out := map[uint32]observatory.Month{}
	for _, m := range rows(t, filepath.Join(folder, "months.csv")) {
		if id := m["account_id"]; in[id] {
			out[uint32(whole(strings.TrimLeft(id, "sim0")))] = observatory.Month{
				Month: strings.ReplaceAll(m["month"], "-", ""), Active: whole(m["active_users"]), Clicks: whole(m["clicks"]), Visits: whole(m["service_visits"]),
			}
		}
	}
	return out
}

// foldedMonths are what a replay counted, as a house reads its own visits: articles and menus are clicks.
func foldedMonths(t *testing.T, data string) map[uint32]observatory.Month {
	t.Helper()
	folder, err := visitlog.Folder(filepath.Join(data, "replay", "fold"))
	if err != nil {
		t.Fatal(err)
	}
	f, err := visitlog.OpenFold(t.Context(), visitlog.FoldOptions{Folder: folder})
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	lists, err := f.Months(t.Context(), visitlog.Span{Last: 999_999}, func(account uint32) (uint32, bool) { return account, true })
	if err != nil {
		t.Fatal(err)
	}
	out := map[uint32]observatory.Month{}
	for _, m := range lists[0] {
		out[m.Group] = observatory.Month{
			Month: fmt.Sprint(m.Month), Active: int64(m.People), Clicks: int64(m.Of(visitlog.Read) + m.Of(visitlog.Click)), Visits: int64(m.Of(visitlog.Serving)),
		}
	}
	return out
}

// files are the sums of all files of a folder.
func files(t *testing.T, folder string) map[string]string {
	t.Helper()
	out := map[string]string{}
	if err := filepath.WalkDir(folder, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		name, _ := filepath.Rel(folder, path)
		out[name] = fmt.Sprintf("%x", sha256.Sum256(b))
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

// Raw visits, counted, are months.csv to the unit in both years; they are called simulated, and are the same bytes on any machine.
func TestSimulatedStreams(t *testing.T) {
	t.Parallel()
	one, other := t.TempDir(), t.TempDir()
	simulate(t, one, "yushu,632800", "GOMAXPROCS=1", "TZ=America/St_Johns")
	simulate(t, other, "632800,632700", "GOMAXPROCS=4", "TZ=Asia/Shanghai")
	if d := cmp.Diff(files(t, one), files(t, other)); d != "" {
		t.Errorf("other bytes: %s", d)
	}
	for _, year := range []string{"2015", "2014"} {
		folder, data := filepath.Join(one, year), t.TempDir()
		r := replay(t, 0, "--visits", filepath.Join(folder, "visits"), "--data", data)
		if !r.Simulated || r.Prefectures.Groups != 2 || r.Provinces.Groups != 1 {
			t.Errorf("%s: %+v", year, r)
		}
		want := statedMonths(t, folder, "632700")
		for number, m := range statedMonths(t, folder, "632800") {
			want[number] = m
		}
		if d := cmp.Diff(want, foldedMonths(t, data)); d != "" || len(want) < 10 {
			t.Errorf("%s: %d accounts; visits add up to something else: %s", year, len(want), d)
		}
	}
	alone := replay(t, 0, "--visits", filepath.Join(one, "2015", "visits", "2015-08-31.ndjson.gz"))
	if !alone.Simulated || alone.Visits == 0 {
		t.Errorf("one packed file: %+v", alone)
	}
	if err := observatoryLine(t, "simulate", "--seed", "3", "--out", one, "--streams", "yushu"); err == nil || !strings.Contains(err.Error(), "holds visits already") {
		t.Errorf("a second stream in the same folder: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(one, "*", ".visits-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestStreamsRefuse(t *testing.T) {
	t.Parallel()
	for streams, says := range map[string]string{
		"atlantis": `"atlantis" is no province and no prefecture`, "630102": "no prefecture", "000000": "no prefecture", "all,qinghai": "not both", "qinghai,,": "no province", "710000": "no account is in the regions",
	} {
		out := filepath.Join(t.TempDir(), "tables")
		if err := observatoryLine(t, "simulate", "--seed", "3", "--out", out, "--streams", streams); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", streams, err, says)
		}
		if _, err := os.Stat(filepath.Join(out, "2015", "visits")); !os.IsNotExist(err) {
			t.Errorf("%s: a folder of visits is there, %v", streams, err)
		}
	}
	if err := observatoryLine(t, "replay", "--visits", t.TempDir()); err == nil || !strings.Contains(err.Error(), "no file named") {
		t.Errorf("an empty folder: %v", err)
	}
}

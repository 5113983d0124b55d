package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"zhijian/ground/clock"
	"zhijian/store/visitlog"
)

// observatoryLine runs a command line as the binary would.
func observatoryLine(t *testing.T, args ...string) error {
	t.Helper()
	var g gate
	k, err := kong.New(&g, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}),
		kong.BindTo(t.Context(), (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	line, err := k.Parse(append([]string{"observatory"}, args...))
	if err != nil {
		return err
	}
	return line.Run(slog.New(slog.DiscardHandler))
}

const (
	accountsText = "region_code,id,name,level,sector,kind,verified\n330100,a,杭州发布,地,政府办,订阅号,1\n330300,b,温州交警,地,公安,服务号,0\n"
	monthsText   = "account_id,month,active_users,clicks,service_visits\na,2015-08,5,6,0\nb,2015-08,7,8,9\n"
)

func write(t *testing.T, path, text string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestObservatoryPipeline(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	accounts, months := write(t, filepath.Join(dir, "accounts.csv"), accountsText), write(t, filepath.Join(dir, "months.csv"), monthsText)
	run := func(args ...string) error { return observatoryLine(t, append(args, "--data", data)...) }
	must := func(args ...string) {
		t.Helper()
		if err := run(args...); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	must("import", "--edition", "2014", "--accounts", accounts, "--months", months)
	must("import", "--edition", "2015", "--accounts", accounts, "--months", months, "--previous", "2014")
	must("import", "--edition", "2015", "--accounts", accounts, "--months", months, "--previous", "2014")
	must("compute", "--edition", "2014")
	must("compute", "--edition", "2015")
	must("verify", "--edition", "2015")
	must("list")
	must("list", "--edition", "2015")
	must("compare", "--edition", "2015", "--with", "2014")
	for format, sign := range map[string]string{"csv": "code,name,", "json": `"edition": "2015"`, "svg": "<svg", "xlsx": "PK"} {
		out := filepath.Join(dir, "out."+format)
		must("export", "--edition", "2015", "--exhibit", "table-3", "--format", format, "--out", out)
		if b, err := os.ReadFile(out); err != nil || !bytes.Contains(b, []byte(sign)) {
			t.Errorf("%s: %v %.80s", format, err, b)
		}
	}
	b, err := os.ReadFile(filepath.Join(dir, "out.json"))
	if err != nil || !json.Valid(b) || !bytes.Contains(b, []byte(`"id": "table-3"`)) {
		t.Errorf("the JSON is none: %v %.200s", err, b)
	}
}

func TestObservatoryRefuses(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	months := write(t, filepath.Join(dir, "months.csv"), monthsText)
	good := write(t, filepath.Join(dir, "good.csv"), accountsText)
	bad := write(t, filepath.Join(dir, "bad.csv"), accountsText+"330100,a,又一个,地,政府办,订阅号,1\n")
	report := filepath.Join(dir, "report.csv")
	for name, c := range map[string]struct {
		args []string
		says string
	}{
		"refused rows":      {[]string{"import", "--edition", "bad", "--accounts", bad, "--months", months, "--report", report}, "1 rows were refused"},
		"no such file":      {[]string{"import", "--edition", "x", "--accounts", filepath.Join(dir, "none.csv"), "--months", months}, "none.csv"},
		"no column":         {[]string{"import", "--edition", "x", "--accounts", months, "--months", months}, "lacks the column"},
		"a name that is no": {[]string{"import", "--edition", "X Y", "--accounts", good, "--months", months}, "A name of an edition"},
		"no edition":        {[]string{"compute", "--edition", "none"}, "There is no edition named none"},
		"neither":           {[]string{"verify"}, "no edition is named"},
		"no house":          {[]string{"verify", "--live"}, "there is no house"},
		"nothing to gather": {[]string{"gather", "--edition", "x"}, "there is no house"},
		"not computed":      {[]string{"verify", "--edition", "bad"}, "not computed yet"},
		"no exhibit":        {[]string{"export", "--edition", "bad", "--exhibit", "table-1", "--format", "csv", "--out", filepath.Join(dir, "o")}, "has no exhibit table-1"},
		"no format":         {[]string{"export", "--edition", "bad", "--exhibit", "table-1", "--format", "doc", "--out", filepath.Join(dir, "o")}, "must be one of"},
		"too large a scale": {[]string{"simulate", "--seed", "1", "--scale", "11", "--out", dir}, "10"},
	} {
		args := c.args
		if args[0] != "simulate" {
			args = append(args, "--data", data)
		}
		if name == "not computed" || name == "no exhibit" {
			if err := observatoryLine(t, "import", "--edition", "bad", "--accounts", bad, "--months", months, "--allow-refused", "--data", data); err != nil {
				t.Fatal(err)
			}
		}
		if err := observatoryLine(t, args...); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
	if b, err := os.ReadFile(report); err != nil || !bytes.Contains(b, []byte("refused,bad.csv,4,id,duplicate,")) || !bytes.Contains(b, []byte("在前面的行里已经有了")) {
		t.Errorf("the report: %v %s", err, b)
	}
	if plain(nil) != nil || plain(errors.New("x")).Error() != "x" {
		t.Error("errors that are no faults stay as they are")
	}
}

// TestVerifyVisits counts the visits of a house again: equal, different, damaged, absent.
func TestVerifyVisits(t *testing.T) {
	t.Parallel()
	data := t.TempDir()
	if out, said, code := zhijian(t.Context(), t, "observatory", "verify", "--data", data); code != 1 || !strings.Contains(said, "holds no visits of a house, and no edition is named") {
		t.Errorf("without visits: status %d, %s%s", code, out, said)
	}
	logs, folded := diskAt(t, data, "log"), diskAt(t, data, "fold")
	open := func() *visitlog.Log {
		t.Helper()
		l, err := visitlog.Open(t.Context(), visitlog.Options{Folder: logs, Node: 1, Clock: new(clock.System)})
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	l := open()
	lot := []visitlog.Visit{{At: 1_438_358_400_000, Account: 1, Person: 2, Kind: visitlog.View}, {At: 1_438_358_400_000, Account: 3, Person: 4, Kind: visitlog.Read}}
	if err := l.Append(t.Context(), lot); err != nil {
		t.Fatal(err)
	}
	f, err := visitlog.OpenFold(t.Context(), visitlog.FoldOptions{Folder: folded, Logs: []visitlog.Source{{Folder: logs, Log: l}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err = f.Run(t.Context()); errors.Join(err, f.Close()) != nil {
		t.Fatal(err)
	}
	if err := errors.Join(l.Append(t.Context(), lot), l.Close()); err != nil { // not folded yet
		t.Fatal(err)
	}
	out, said, code := zhijian(t.Context(), t, "observatory", "verify", "--data", data)
	if code != 0 || !strings.HasPrefix(out, "Visits are equal: 4 in the log, 2 of them counted") {
		t.Errorf("equal: status %d, %s%s", code, out, said)
	}
	if _, err := os.Stat(filepath.Join(data, "visits", "recount")); !os.IsNotExist(err) {
		t.Errorf("the recount was left behind: %v", err)
	}
	file := filepath.Join(data, "visits", "log", "0000000001.visits")
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	l, lot[1].Account = open(), 5 // another log in its place
	if err := errors.Join(l.Append(t.Context(), lot), l.Close()); err != nil {
		t.Fatal(err)
	}
	if _, said, code := zhijian(t.Context(), t, "observatory", "verify", "--data", data); code != 1 || !strings.Contains(said, "another number: account 3 on 20150801, kind 2: counted 1, recounted 0") {
		t.Errorf("different: status %d, %s", code, said)
	}
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	text[100] ^= 1
	write(t, file, string(text))
	if _, said, code := zhijian(t.Context(), t, "observatory", "verify", "--data", data); code != 1 || !strings.Contains(said, "0000000001.visits is damaged at byte 64") {
		t.Errorf("damaged: status %d, %s", code, said)
	}
}

func diskAt(t *testing.T, data, name string) visitlog.Disk {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(data, "visits"), 0o700); err != nil {
		t.Fatal(err)
	}
	d, err := visitlog.Folder(filepath.Join(data, "visits", name))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestExportParquet: a folder appears whole or not at all, and what may be published is asked for.
func TestExportParquet(t *testing.T) {
	dir := t.TempDir()
	data, folder := filepath.Join(dir, "data"), filepath.Join(dir, "folder")
	accounts := write(t, filepath.Join(dir, "accounts.csv"), "region_code,id,name,level,sector,kind,verified\n330100,a,杭州发布（模拟）,地,政府办,订阅号,1\n")
	months := write(t, filepath.Join(dir, "months.csv"), "account_id,month,active_users\na,2015-08,5\n")
	run := func(args ...string) error {
		return observatoryLine(t, append(args, "--data", data, "--edition", "e")...)
	}
	if err := run("import", "--accounts", accounts, "--months", months); err != nil {
		t.Fatal(err)
	}
	if err := run("export", "--format", "parquet", "--out", folder); err == nil || !strings.Contains(err.Error(), "compute first") {
		t.Errorf("not computed: %v", err)
	}
	if err := run("compute"); err != nil {
		t.Fatal(err)
	}
	if err := run("export", "--format", "parquet", "--out", folder); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"facts/accounts.parquet", "before/accounts.parquet", "catalogue/regions.parquet", "exhibits/errata.parquet", "queries/tables.sql", "queries/table-1.sql", "README.md"} {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Error(err)
		}
	}
	for says, args := range map[string][]string{
		"not empty":          {"--format", "parquet", "--out", folder},
		"leave out":          {"--format", "parquet", "--exhibit", "table-1", "--out", filepath.Join(dir, "x")},
		"which one to write": {"--format", "csv", "--out", filepath.Join(dir, "x")},
	} {
		if err := run(append([]string{"export"}, args...)...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
	for _, c := range []struct {
		public bool
		active string
	}{{false, ",5,5,"}, {true, ",,,"}} {
		args := []string{"export", "--format", "csv", "--exhibit", "appendix-1", "--out", filepath.Join(dir, "csv")}
		if c.public {
			args = append(args, "--public")
		}
		if err := run(args...); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(filepath.Join(dir, "csv"))
		first, _, _ := strings.Cut(string(b[bytes.IndexByte(b, '\n')+1:]), "\n")
		if err != nil || !strings.Contains(first, c.active) || !strings.HasSuffix(first, ",e,模拟数据 simulated data") {
			t.Errorf("public %v: %s (%v)", c.public, first, err)
		}
	}
}

// TestObservatoryTrust: verify says who signed, and fails with a plain sentence when it cannot.
func TestObservatoryTrust(t *testing.T) {
	dir := t.TempDir()
	data := filepath.Join(dir, "data")
	accounts, months := write(t, filepath.Join(dir, "accounts.csv"), accountsText), write(t, filepath.Join(dir, "months.csv"), monthsText)
	corrected := write(t, filepath.Join(dir, "corrected.csv"), strings.Replace(monthsText, "a,2015-08,5", "a,2015-08,50", 1))
	run := func(args ...string) error { return observatoryLine(t, append(args, "--data", data)...) }
	refuse := func(says string, args ...string) {
		t.Helper()
		if err := run(args...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
	for _, args := range [][]string{
		{"import", "--edition", "one", "--accounts", accounts, "--months", months},
		{"compute", "--edition", "one"},
		{"import", "--edition", "two", "--accounts", accounts, "--months", corrected, "--corrects", "one", "--reason", "a digit was lost"},
		{"compute", "--edition", "two"},
		{"verify", "--edition", "two"},
		{"list"},
		{"compare", "--edition", "two", "--with", "one"},
	} {
		if err := run(args...); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	refuse("says why", "import", "--edition", "three", "--accounts", accounts, "--months", months, "--corrects", "one")
	sig := filepath.Join(data, "observatory", "one", "manifest.sig")
	line, err := os.ReadFile(sig)
	if err != nil {
		t.Fatal(err)
	}
	own, foreign := strings.Fields(string(line))[1], strings.Repeat("ab", 32)
	for _, key := range []string{own, write(t, filepath.Join(dir, "key"), own+"\n"), sig} {
		if err := run("verify", "--edition", "one", "--key", key); err != nil {
			t.Errorf("key %s: %v", key, err)
		}
	}
	refuse("signed by another key", "verify", "--edition", "one", "--key", foreign)
	refuse("64 hexadecimal digits", "verify", "--edition", "one", "--key", "12")
	write(t, filepath.Join(data, "observatory", "one", "manifest.json"), "{}")
	refuse("not the one that was signed", "verify", "--edition", "one")
	if err := os.Remove(sig); err != nil {
		t.Fatal(err)
	}
	refuse("has no signature", "verify", "--edition", "one")
}

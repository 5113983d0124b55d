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
		"neither":           {[]string{"verify"}, "--edition"},
		"both":              {[]string{"verify", "--live", "--edition", "x"}, "can't be used together"},
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
	if b, err := os.ReadFile(report); err != nil || !bytes.Contains(b, []byte("refused,bad.csv,4,id,duplicate,")) {
		t.Errorf("the report: %v %s", err, b)
	}
	if plain(nil) != nil || plain(errors.New("x")).Error() != "x" {
		t.Error("errors that are no faults stay as they are")
	}
}

package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"zhijian/testkit"
)

// reportLine runs report as the binary would.
func reportLine(t *testing.T, args ...string) error {
	t.Helper()
	var g gate
	ctx := testkit.Context()
	k, err := kong.New(&g, kong.Writers(io.Discard, io.Discard), kong.Exit(func(int) {}), kong.BindTo(ctx, (*context.Context)(nil)))
	if err != nil {
		t.Fatal(err)
	}
	line, err := k.Parse(append([]string{"report"}, args...))
	if err != nil {
		return err
	}
	return line.Run()
}

func TestReport(t *testing.T) {
	dir := t.TempDir()
	data, out := filepath.Join(dir, "data"), filepath.Join(dir, "deep", "report.html")
	accounts, months := write(t, filepath.Join(dir, "accounts.csv"), accountsText), write(t, filepath.Join(dir, "months.csv"), monthsText)
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(observatoryLine(t, "import", "--data", data, "--edition", "2015", "--accounts", accounts, "--months", months))
	fails := func(says string, args ...string) {
		t.Helper()
		if err := reportLine(t, append(args, "--data", data, "--out", out)...); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v: %v, want %q", args, err, says)
		}
	}
	fails("Edition 2015 has no exhibits", "--edition", "2015", "--format", "html")
	fails("There is no edition named 1999", "--edition", "1999", "--format", "html")
	must(observatoryLine(t, "compute", "--data", data, "--edition", "2015"))
	must(reportLine(t, "--data", data, "--edition", "2015", "--format", "html", "--out", out))
	b, err := os.ReadFile(out)
	if err != nil || !strings.Contains(string(b), `<article class="rp rp-en"`) || !strings.Contains(string(b), "政务民生公众号发展白皮书") {
		t.Errorf("%v %.200s", err, b)
	}
	fails("only a pdf is published", "--edition", "2015", "--format", "html", "--publish")
	if err := reportLine(t, "--data", data, "--edition", "2015", "--format", "pdf"); err == nil || !strings.Contains(err.Error(), "--out FILE, or --publish") {
		t.Errorf("nowhere to write to: %v", err)
	}
	// What few people did is in the operator's own report and not in a public one.
	must(reportLine(t, "--data", data, "--edition", "2015", "--format", "html", "--public", "--out", out))
	shown, err := os.ReadFile(out)
	if err != nil || strings.Contains(string(b), "K-10") || !strings.Contains(string(shown), "K-10") {
		t.Errorf("%v: the public report hides %v, the other %v", err, strings.Contains(string(shown), "K-10"), strings.Contains(string(b), "K-10"))
	}
	t.Setenv("PATH", dir)
	fails("Chromium was not found", "--edition", "2015", "--format", "pdf")
}

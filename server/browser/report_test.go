package browser_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"zhijian/catalog"
	"zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/report"
	"zhijian/outside/print"
	"zhijian/testkit"
	reportpage "zhijian/ui/report"
)

// TestReportPrints prints the white paper of the calibrated nation and reads the PDF with other programs than the one that wrote it.
func TestReportPrints(t *testing.T) {
	t.Parallel()
	ctx := testkit.Context()
	html := nationalReport(t, nil)
	pdf, err := print.PDF(ctx, html)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "report.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	info := asked(ctx, t, "pdfinfo", file)
	for _, want := range []string{`Tagged:\s+yes`, `Page size:\s+59[45]\S* x 84[12]`, `Title:\s+\S`, `JavaScript:\s+no`} {
		if !regexp.MustCompile(want).MatchString(info) {
			t.Errorf("pdfinfo lacks %s:\n%s", want, info)
		}
	}
	pages := 0
	if m := regexp.MustCompile(`Pages:\s+(\d+)`).FindStringSubmatch(info); m != nil {
		pages, _ = strconv.Atoi(m[1])
	}
	if pages <= 20 {
		t.Errorf("%d pages", pages)
	}
	text := strings.Join(strings.Fields(asked(ctx, t, "pdftotext", "-layout", file, "-")), "")
	for _, want := range []string{"政务民生公众号发展白皮书", "河北的账号名次升了14位，活跃名次却低11位。", "勘误和疑点", "方法和数据", "目录"} {
		if !strings.Contains(text, want) {
			t.Errorf("the text lacks %q", want)
		}
	}
	if n := strings.Count(text, "模拟数据"); n < pages {
		t.Errorf("simulated data is named %d times on %d pages", n, pages)
	}
	for i, line := range strings.Split(strings.TrimSpace(asked(ctx, t, "pdffonts", file)), "\n") {
		if f := strings.Fields(line); i > 1 && (len(f) < 5 || f[len(f)-5] != "yes") {
			t.Errorf("a font is not embedded: %s", line)
		}
	}
	if n := strings.Count(string(pdf), "/Title "); !strings.Contains(string(pdf), "/Outlines ") || n < 40 {
		t.Errorf("%d bookmarks", n)
	}
	at := print.Pages(pdf)
	if at["zh-summary"] < 2 || at["zh-depth"] <= at["zh-provinces"] || at["zh-appendix"] > pages {
		t.Errorf("where sections begin: %v", at)
	}
	if again := nationalReport(t, at); !strings.Contains(string(again), "<i>"+strconv.Itoa(at["zh-depth"])+"</i>") {
		t.Error("the table of contents has no page numbers")
	}
}

// asked runs one of poppler's programs.
func asked(ctx context.Context, t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(ctx, name, args...).Output()
	if err != nil {
		t.Fatalf("%s: %v: run make setup", name, err)
	}
	return string(out)
}

func nationalReport(t *testing.T, pages map[string]int) []byte {
	t.Helper()
	cat, err := observatory.LoadCatalog(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS, Scale: 1})
	if err != nil {
		t.Fatal(err)
	}
	now, err := observatory.Compute(&this, &last, cat)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.Make(report.Edition{Name: "2015", Previous: "2014", Simulated: true, Accounts: len(this.Accounts)}, now, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := reportpage.HTML(testkit.Context(), reportpage.Document{Report: r, Langs: []string{"zh"}, Pages: pages})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

package print_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"zhijian/ground/fault"
	"zhijian/outside/print"
	"zhijian/testkit"
)

// TestMissing: without a browser there is a sentence, not a crash.
func TestMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	_, err := print.PDF(testkit.Context(), []byte("<!doctype html><title>x</title>"))
	if !fault.Is(err, fault.KindUnavailable) || !strings.Contains(err.Error(), "print.browser") {
		t.Errorf("without Chromium: %v", err)
	}
}

func TestPages(t *testing.T) {
	t.Parallel()
	const pdf = "%PDF-1.4\n1 0 obj\n<</Type /Catalog\n/Pages 2 0 R\n/Dests 7 0 R>>\nendobj\n" +
		"2 0 obj\n<</Type /Pages\n/Kids [3 0 R 6 0 R]>>\nendobj\n3 0 obj\n<</Type /Pages\n/Kids [4 0 R 5 0 R]>>\nendobj\n" +
		"4 0 obj\n<</Type /Page>>\nendobj\n5 0 obj\n<</Type /Page>>\nendobj\n6 0 obj\n<</Type /Page>>\nendobj\n" +
		"7 0 obj\n<</zh-summary [4 0 R /XYZ 0 1 0]\n/zh-depth [6 0 R /XYZ 0 1 0]\n/lost [9 0 R /XYZ 0 1 0]>>\nendobj\n"
	for name, c := range map[string]struct {
		pdf  string
		want map[string]int
	}{
		"two levels":   {pdf, map[string]int{"zh-summary": 1, "zh-depth": 3}},
		"no places":    {strings.Replace(pdf, "/Dests 7 0 R", "", 1), nil},
		"in a circle":  {strings.Replace(pdf, "[4 0 R 5 0 R]", "[2 0 R]", 1), map[string]int{"zh-depth": 2}},
		"no PDF":       {"<html>", nil},
		"nothing":      {"", nil},
		"cut off":      {pdf[:len(pdf)/2], map[string]int{}},
		"no such page": {strings.Replace(pdf, "7 0 R>>", "8 0 R>>", 1), map[string]int{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, print.Pages([]byte(c.pdf))); d != "" {
				t.Error(d)
			}
		})
	}
}

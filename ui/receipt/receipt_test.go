package receipt_test

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"errors"
	"io"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"zhijian/ui/asset"
	"zhijian/ui/receipt"
)

func printer(t *testing.T) *receipt.Printer {
	t.Helper()
	a, err := asset.New()
	if err != nil {
		t.Fatal(err)
	}
	p, err := receipt.New(a.Fonts())
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func fine() receipt.Receipt {
	return receipt.Receipt{
		Title: "电子缴款凭证", No: "3301 2605 2614 0807 31",
		Rows: [][2]string{
			{"缴款人", "张*敏"},
			{"违法行为", "违反规定停车，2026年5月16日 18:42，西湖区文三路 259 号附近"},
			{"决定书号", "3301 0626 0516 8842"},
		},
		Amount: 15000, Payee: "杭州市财政局（非税收入）", IssuedAt: time.Date(2026, 5, 26, 6, 8, 0, 0, time.UTC),
		CheckURL: "http://127.0.0.1:8080/check/K7QF2M9D0R4T8VXA", Demo: true,
		Chain: receipt.Chain{Position: 1284, Hash: strings.Repeat("9f2b6c0e", 8)},
	}
}

func pdf(t *testing.T, p *receipt.Printer, r receipt.Receipt) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := p.PDF(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var streams = regexp.MustCompile(`(?s)stream\n(.*?)\nendstream`)

// text gives all that a document prints: fpdf writes each piece as big-endian UTF-16 in brackets.
func text(t *testing.T, doc []byte) string {
	t.Helper()
	var out strings.Builder
	for _, m := range streams.FindAllSubmatch(doc, -1) {
		z, err := zlib.NewReader(bytes.NewReader(m[1]))
		if err != nil {
			continue
		}
		page, err := io.ReadAll(z)
		if err != nil || !bytes.Contains(page, []byte(" Tj")) {
			continue
		}
		for _, piece := range regexp.MustCompile(`(?s)\((.*?)\) Tj`).FindAllSubmatch(page, -1) {
			raw := bytes.NewReader(regexp.MustCompile(`(?s)\\(.)`).ReplaceAll(bytes.ReplaceAll(piece[1], []byte(`\r`), []byte("\r")), []byte("$1")))
			for {
				var two [2]byte
				if _, err := io.ReadFull(raw, two[:]); err != nil {
					break
				}
				out.WriteRune(rune(two[0])<<8 | rune(two[1]))
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func TestReceiptSaysEverything(t *testing.T) {
	t.Parallel()
	doc := pdf(t, printer(t), fine())
	if !bytes.HasPrefix(doc, []byte("%PDF-")) || !bytes.Contains(doc, []byte("%%EOF")) {
		t.Fatal("this is no PDF")
	}
	if len(doc) > 120<<10 {
		t.Errorf("%d bytes: the font was not cut down", len(doc))
	}
	got := text(t, doc)
	for _, want := range []string{"电子缴款凭证", "3301 2605 2614 0807 31", "张*敏", "违反规定停车", "¥150.00", "壹佰伍拾元整", "杭州市财政局（非税收入）", "2026年5月26日 14:08", "演示，不是真票据", "记录序号 1284", "扫码核验"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in the receipt: %q", want, got)
		}
	}
}

func TestRealReceiptHasNoDemoLine(t *testing.T) {
	t.Parallel()
	r := fine()
	r.Demo, r.Lang = false, "en"
	got := text(t, pdf(t, printer(t), r))
	if strings.Contains(got, "演示") || strings.Contains(got, "Demonstration") {
		t.Errorf("a real receipt calls itself a demonstration: %q", got)
	}
	if !strings.Contains(got, "CNY 150.00") || !strings.Contains(got, "Scan to check") {
		t.Errorf("the English words are missing: %q", got)
	}
}

func TestWithoutPayment(t *testing.T) {
	t.Parallel()
	r := fine()
	r.Payee, r.Amount, r.Title = "", 0, "预约凭证"
	if got := text(t, pdf(t, printer(t), r)); strings.Contains(got, "金额") || strings.Contains(got, "¥") {
		t.Errorf("an amount on a receipt without payment: %q", got)
	}
}

func TestRareCharacters(t *testing.T) {
	t.Parallel()
	p := printer(t)
	r := fine()
	r.Rows = [][2]string{{"缴款人", "骉*錕"}, {"代办人", "䶮*𠮷"}}
	got := text(t, pdf(t, p, r))
	for _, want := range []string{"骉", "錕", "〓", "U+4DAE U+20BB7", "有 2 个字印不出来"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if strings.ContainsAny(got, "䶮") {
		t.Error("a character that no font has was printed as an empty box")
	}
	if missing := p.Missing("张䶮䶮骉\n"); len(missing) != 1 || missing[0] != '䶮' {
		t.Errorf("missing: %q", missing)
	}
}

// Two printings are equal, at the same time too: nothing in the fonts is written to.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	p := printer(t)
	want := sha256.Sum256(pdf(t, p, fine()))
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			var b bytes.Buffer
			if err := p.PDF(&b, fine()); err != nil || sha256.Sum256(b.Bytes()) != want {
				t.Errorf("another printing differs (%v)", err)
			}
		})
	}
	all.Wait()
}

func TestLongValuesGoOn(t *testing.T) {
	t.Parallel()
	r := fine()
	for range 30 {
		r.Rows = append(r.Rows, [2]string{"很长的项目名称要折行", strings.Repeat("地点", 40) + strings.Repeat("A", 80)})
	}
	doc := pdf(t, printer(t), r)
	if pages := bytes.Count(doc, []byte("/Type /Page\n")); pages < 2 {
		t.Errorf("%d pages for 33 long rows", pages)
	}
	if got := text(t, doc); !strings.Contains(got, "扫码核验") {
		t.Error("the last page has lost its foot")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestRefusals(t *testing.T) {
	t.Parallel()
	if err := printer(t).PDF(full{}, fine()); err == nil {
		t.Error("a write that failed was not told")
	}
	r := fine()
	r.CheckURL = strings.Repeat("x", 4000)
	if err := printer(t).PDF(io.Discard, r); err == nil {
		t.Error("an address that no QR code holds was not told")
	}
	if _, err := receipt.New(nil); err == nil {
		t.Error("a printer without fonts")
	}
}

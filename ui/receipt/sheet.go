package receipt

import (
	"fmt"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"github.com/skip2/go-qrcode"

	"zhijian/ui/say"
	"zhijian/ui/wording"
)

// Measures in millimetres on A5, 148 × 210. All type is in points.
const (
	width    = 148.0
	height   = 210.0
	margin   = 14.0
	inner    = width - 2*margin
	keyWidth = 32.0
	qrSize   = 26.0
	body     = 10.5
	small    = 7.5
)

type ink struct{ r, g, b int }

func dark() ink  { return ink{22, 35, 43} }
func grey() ink  { return ink{86, 101, 110} }
func azure() ink { return ink{14, 90, 107} }
func seal() ink  { return ink{163, 42, 25} }

// sheet is one page while it is being printed; y is where the next thing goes.
type sheet struct {
	printer *Printer
	pdf     *fpdf.Fpdf
	lang    string
	loaded  map[int]bool
	absent  []rune
	y       float64
}

func (s *sheet) head(r Receipt) {
	s.mark(margin, s.y)
	s.line(wording.T(s.lang, "name"), margin+9, s.y+5.6, 11, azure())
	s.y += 16
	title := s.size(r.Title, 18)
	s.centre(r.Title, s.y, title, dark())
	s.y += 4
	s.rule(s.y, .5)
	s.rule(s.y+1, .15)
	s.y += 6
	if r.Demo {
		text := wording.T(s.lang, "receipt.demo")
		s.pdf.SetDrawColor(seal().r, seal().g, seal().b)
		s.pdf.SetLineWidth(.4)
		w := s.measure(text, 11) + 10
		s.pdf.Rect((width-w)/2, s.y-2.5, w, 8, "D")
		s.centre(text, s.y+3, 11, seal())
		s.y += 11
	}
	s.y += 3
}

// mark draws the fingertip.
func (s *sheet) mark(x, y float64) {
	c := azure()
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetLineWidth(.55)
	s.pdf.SetLineCapStyle("round")
	s.pdf.Arc(x+3.7, y+3.8, 3.1, 3.1, 0, 0, 180, "D")
	s.pdf.Arc(x+3.7, y+3.8, 1.85, 1.85, 0, 0, 180, "D")
	s.pdf.Line(x+.6, y+3.8, x+.6, y+5.2)
	s.pdf.Line(x+6.8, y+3.8, x+6.8, y+6)
	s.pdf.Line(x+1.85, y+3.8, x+1.85, y+6.4)
	s.pdf.Line(x+5.55, y+3.8, x+5.55, y+5.1)
	s.pdf.SetFillColor(200, 69, 47)
	s.pdf.Circle(x+3.7, y+4, .85, "F")
}

func (s *sheet) facts(r Receipt) {
	rows := r.rows()
	for _, row := range rows {
		s.fact(row[0], row[1], body, dark())
	}
	if r.Payee == "" {
		return
	}
	s.y += 1
	s.fact(wording.T(s.lang, "receipt.capitals"), say.Capitals(r.Amount), body, dark())
	s.fact(wording.T(s.lang, "receipt.amount"), say.Money(s.lang, r.Amount), 15, dark())
}

// fact prints one row, as high as its value needs, and a hair line below.
func (s *sheet) fact(key, value string, size float64, c ink) {
	if s.y > height-margin-qrSize-18 {
		s.pdf.AddPage()
		s.y = margin
	}
	step := size*.353*1.45 + .4
	s.y += (size - body) * .353 * .8
	keys, values := s.wrap(key, keyWidth-3, body-1), s.wrap(value, inner-keyWidth, size)
	for i, k := range keys {
		s.line(k, margin, s.y+float64(i)*(body*.353*1.35), body-1, grey())
	}
	for i, v := range values {
		s.line(v, margin+keyWidth, s.y+float64(i)*step, size, c)
	}
	s.y += max(float64(len(values))*step, float64(len(keys))*body*.353*1.35) + 1.6
	s.pdf.SetDrawColor(213, 221, 220)
	s.pdf.SetLineWidth(.12)
	s.pdf.Line(margin, s.y-3.4, width-margin, s.y-3.4)
	s.y += 1.8
}

// proof is the foot: the QR code, the address in words, the place in the chain, and what could not be printed.
func (s *sheet) proof(r Receipt) error {
	top := height - margin - qrSize
	x := margin
	if r.CheckURL != "" {
		if err := s.code(r.CheckURL, margin, top); err != nil {
			return err
		}
		x += qrSize + 5
	}
	y := top + 4
	if r.CheckURL != "" {
		s.line(wording.T(s.lang, "receipt.check"), x, y, body, dark())
		s.line(wording.T(s.lang, "receipt.check.text"), x, y+5.5, small, grey())
		y += 9.5
		for _, l := range s.wrap(r.CheckURL, width-margin-x, small) {
			s.line(l, x, y, small, grey())
			y += 3.6
		}
		y += 1
	}
	if r.Chain.Position > 0 {
		for _, l := range s.wrap(wording.T(s.lang, "receipt.chain", r.Chain.Position, r.Chain.Hash), width-margin-x, small) {
			s.line(l, x, y, small, grey())
			y += 3.6
		}
	}
	if len(s.absent) > 0 {
		codes := make([]string, 0, len(s.absent))
		for _, c := range s.absent {
			codes = append(codes, fmt.Sprintf("U+%04X", c))
		}
		for _, l := range s.wrap(wording.T(s.lang, "receipt.missing", len(codes), strings.Join(codes, " ")), width-margin-x, small) {
			s.line(l, x, y, small, seal())
			y += 3.6
		}
	}
	return nil
}

// code draws a QR code as rectangles, so that it stays sharp at any size.
func (s *sheet) code(text string, x, y float64) error {
	q, err := qrcode.New(text, qrcode.Medium)
	if err != nil {
		return fmt.Errorf("qr code of a receipt: %w", err)
	}
	q.DisableBorder = true
	grid := q.Bitmap()
	cell := qrSize / float64(len(grid))
	s.pdf.SetFillColor(0, 0, 0)
	for row := range grid {
		for from := 0; from < len(grid[row]); from++ {
			to := from
			for to < len(grid[row]) && grid[row][to] {
				to++
			}
			if to > from {
				s.pdf.Rect(x+float64(from)*cell, y+float64(row)*cell, float64(to-from)*cell, cell, "F")
				from = to
			}
		}
	}
	return nil
}

func (s *sheet) rule(y, weight float64) {
	c := azure()
	s.pdf.SetDrawColor(c.r, c.g, c.b)
	s.pdf.SetLineWidth(weight)
	s.pdf.Line(margin, y, width-margin, y)
}

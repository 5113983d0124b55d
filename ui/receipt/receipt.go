// Package receipt prints receipts as PDF: one plain A5 page with the facts, the amount in figures and in capital
// numerals, a QR code that leads to the page where the receipt can be checked, and its place in the event chain.
//
// The same receipt gives the same bytes. Text is printed in the embedded CJK font; a character that it lacks comes from
// one of the fonts for rare characters, and one that no font has is printed as 〓 and named by its code below, never
// left as an empty box. A Printer may be used from any number of goroutines.
package receipt

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"zhijian/ground/clock"
	"zhijian/ground/money"
	"zhijian/ui/asset"
	"zhijian/ui/say"
	"zhijian/ui/wording"
)

// Receipt is what is printed. Personal data in it is masked by the caller.
type Receipt struct {
	// Lang is "zh" or "en", for the words around the facts.
	Lang string
	// Title is the head: 电子缴款凭证.
	Title string
	// No is the receipt's number, grouped as it is to be read.
	No string
	// Rows are facts, each a name and a value, in order.
	Rows [][2]string
	// Amount is written when Payee is set.
	Amount money.Fen
	// Payee is the unit that received the money; empty for a receipt without payment, which then has no amount.
	Payee    string
	IssuedAt time.Time
	// CheckURL is the page where the receipt can be checked; the QR code holds it.
	CheckURL string
	// Demo prints 演示，不是真票据 across the head.
	Demo bool
	// Chain is the receipt's event in the log; a position of 0 leaves the line out.
	Chain Chain
}

// Chain is a place in the hash-chained event log.
type Chain struct {
	Position int64
	// Hash is hexadecimal.
	Hash string
}

// Printer holds the fonts.
type Printer struct {
	fonts []asset.Font
	home  map[rune]int // which font prints a character
}

// New checks the fonts; give it asset.Fonts. It is an error when there is none, or when the main one lacks 〓.
func New(fonts []asset.Font) (*Printer, error) {
	p := &Printer{fonts: fonts, home: map[rune]int{}}
	for i, f := range fonts {
		for _, r := range f.Runes {
			if _, taken := p.home[r]; !taken {
				p.home[r] = i
			}
		}
	}
	if i, ok := p.home[absent]; !ok || i != 0 {
		return nil, errors.New("receipt: the fonts have no sign for a missing character: run make assets")
	}
	return p, nil
}

// absent stands for a character that no font has.
const absent = '〓'

// Missing gives the characters of a text that no font has, each once, in order.
func (p *Printer) Missing(text string) []rune {
	var list []rune
	seen := map[rune]bool{}
	for _, r := range text {
		if _, ok := p.home[r]; !ok && r != '\n' && !seen[r] {
			seen[r] = true
			list = append(list, r)
		}
	}
	return list
}

// PDF writes the receipt. An error means that nothing usable was written.
func (p *Printer) PDF(w io.Writer, r Receipt) error {
	pdf := fpdf.New("P", "mm", "A5", "")
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(r.IssuedAt.In(clock.Shanghai))
	pdf.SetModificationDate(r.IssuedAt.In(clock.Shanghai))
	pdf.SetProducer("Zhijian", true)
	pdf.SetTitle(r.Title+" "+r.No, true)
	if r.Lang == wording.English {
		pdf.SetLang("en")
	} else {
		pdf.SetLang("zh-CN")
	}
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	s := &sheet{printer: p, pdf: pdf, lang: r.Lang, loaded: map[int]bool{}, y: margin}
	pdf.AddPage()
	s.head(r)
	s.facts(r)
	if err := s.proof(r); err != nil {
		return err
	}
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return fmt.Errorf("print receipt: %w", err)
	}
	if _, err := out.WriteTo(w); err != nil {
		return fmt.Errorf("write receipt: %w", err)
	}
	return nil
}

// rows are the facts of a receipt in the order in which they are printed.
func (r Receipt) rows() [][2]string {
	list := append([][2]string{{wording.T(r.Lang, "receipt.no"), r.No}}, r.Rows...)
	if r.Payee != "" {
		list = append(list, [2]string{wording.T(r.Lang, "receipt.payee"), r.Payee})
	}
	return append(list, [2]string{wording.T(r.Lang, "receipt.issued"), say.FullMoment(r.Lang, r.IssuedAt)})
}

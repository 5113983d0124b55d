package chart

import "cmp"

// Tiers is blocks side by side whose area is what counts: the width is how many cities, the height their mean, the area all accounts.
type Tiers struct {
	Frame
	// Blocks from the tallest to the lowest; at most six, the darkest first.
	Blocks []Block
	Y      Axis
	// Unit follows the last number of the x axis: " 个城市".
	Unit string
	// Brackets group neighbouring blocks below the axis.
	Brackets []Bracket
	// Label, Wide and Area name the columns of the table; the height has the title of Y.
	Label, Wide, Area string
}

// Block is one tier. Text is written beside it.
type Block struct {
	Label         string
	Width, Height float64
	Text          string
}

// Bracket joins blocks From to To, counted from 0, under one sentence.
type Bracket struct {
	From, To int
	Text     string
}

// Validate checks the blocks and brackets.
func (a *Tiers) Validate() error {
	if err := cmp.Or(a.check("tiers"), a.checkAxis("tiers", "y", &a.Y)); err != nil {
		return err
	}
	if len(a.Blocks) > 6 {
		return a.wrong("tiers", "%d blocks: at most 6", len(a.Blocks))
	}
	if a.Y.Log || a.Y.Reverse || a.Y.Min != 0 {
		return a.wrong("tiers", "an area must stand on 0")
	}
	for _, b := range a.Blocks {
		if err := a.counted("tiers", b.Label, b.Width, b.Height); err != nil {
			return err
		}
	}
	for _, b := range a.Brackets {
		if b.From < 0 || b.To < b.From || b.To >= len(a.Blocks) {
			return a.wrong("tiers", "bracket %q over blocks %d to %d of %d", b.Text, b.From, b.To, len(a.Blocks))
		}
	}
	return nil
}

// tierShades go from the tallest block down.
var tierShades = [...][]int{1: {6}, 2: {6, 3}, 3: {6, 4, 2}, 4: {6, 5, 4, 2}, 5: {6, 6, 5, 4, 2}, 6: {6, 5, 4, 3, 2, 1}}

// Draw writes the blocks from left to right.
func (a *Tiers) Draw() (Drawing, error) {
	if err := a.Validate(); err != nil {
		return Drawing{}, err
	}
	t := Table{Head: []string{a.Label, a.Wide, a.Y.Title, a.Area}}
	total, tall := 0.0, 0.0
	for i, b := range a.Blocks {
		t.add(i, b.Label, plain(b.Width, 0), a.Y.Number.Say(b.Height), plain(float64(b.Width*b.Height), 0))
		total, tall = total+b.Width, max(tall, b.Height)
	}
	p := newPen(&a.Frame, or(a.Width, 600), or(a.Height, 310))
	if total == 0 || tall == 0 {
		drawNothing(p)
		return p.finish(t, false), nil
	}
	bottom := p.h
	if len(a.Brackets) > 0 {
		bottom -= 34
	}
	ya := a.Y
	ya.Title, ya.Zero = "", true
	xa := Axis{Exact: true}
	f := newPlot(p, &xa, &ya, scale{lo: 0, hi: total}, ya.fit(0, tall, 4), 0, 16, p.w-14, bottom)
	f.drawLevels(p)
	a.blocks(p, f)
	a.feet(p, f, total)
	return p.finish(t, false), nil
}

func (a *Tiers) blocks(p *pen, f *plot) {
	sum := 0.0
	right := make([]float64, len(a.Blocks))
	for i, b := range a.Blocks {
		x := f.x.at(sum)
		sum += b.Width
		right[i] = f.x.at(sum)
		wide := max(right[i]-x-.8, min(2.5, b.Width*100))
		top := f.y.at(b.Height)
		p.rect(numbered("s", tierShades[len(a.Blocks)][i]), x, top, wide, f.y1-top, 0, b.Label)
		right[i] = max(right[i], x+wide)
	}
	// Words stand to the right of a block's top edge while the next block is lower; else above it.
	var taken []area
	for i, b := range a.Blocks {
		text, w := b.Text, width(b.Text, boldText)
		top := f.y.at(b.Height)
		x, y := right[i]+10, top+5
		if i == len(a.Blocks)-1 || f.y.at(a.Blocks[i+1].Height)-top < 14 || x+w > f.x1 {
			x, y = max(f.x0+4, min(right[i], f.x1)-w-4), top-7
		}
		box := area{x - 2, y - 12, x + w + 2, y + 4}
		was := y
		for range 6 { // step up until nothing is under the words
			if !hits(box, taken) && !a.covers(f, box, i) {
				break
			}
			box.y0, box.y1, y = box.y0-15, box.y1-15, y-15
		}
		if y < 12 || hits(box, taken) {
			continue // the table has it
		}
		taken = append(taken, box)
		if y < was { // joined to its block
			p.line(leader, x+w-6, y+4, x+w-6, top)
		}
		p.fitted(haloText, x, y, start, text, f.x1-x)
	}
}

// covers reports whether words of block i would lie on another block.
func (a *Tiers) covers(f *plot, box area, i int) bool {
	sum := 0.0
	for k, b := range a.Blocks {
		x0 := f.x.at(sum)
		sum += b.Width
		if k != i && b.Height > 0 && box.meets(area{x0, f.y.at(b.Height), f.x.at(sum), f.y1}) {
			return true
		}
	}
	return false
}

// feet writes the last city of each tier and the brackets.
func (a *Tiers) feet(p *pen, f *plot, total float64) {
	last := plain(total, 0) + a.Unit
	limit := f.x1 - width(last, axisText) - 8
	p.text(axisText, f.x1, f.y1+18, end, last)
	sum, free := 0.0, f.x0-20
	edges := []float64{f.x0}
	for _, b := range a.Blocks {
		sum += b.Width
		at, s := f.x.at(sum), plain(sum, 0)
		edges = append(edges, at)
		if half := width(s, axisText) / 2; at-half > free && at+half < limit && b.Width > 0 {
			p.text(axisText, at, f.y1+18, middle, s)
			free = at + half + 6
		}
	}
	free = 0
	for i, b := range a.Brackets {
		x0, x1 := edges[b.From], edges[b.To+1]
		if i > 0 {
			x0 += 2
		}
		p.line(numbered("l", 1), x0, f.y1+32, max(x1, x0+2), f.y1+32)
		p.line(axisLine, x0, f.y1+28, x0, f.y1+36)
		w := width(b.Text, axisText)
		at := max(min((x0+x1)/2-w/2, p.w-w-2), free, x0)
		p.fitted(axisText, at, f.y1+50, start, b.Text, p.w-at-2)
		free = at + w + 12
	}
}

package sheet

import (
	"context"
	"slices"

	"zhijian/ground/fault"
	"zhijian/ground/tabular"
)

// Use is one question that a service which residents are offered puts to a sheet.
type Use struct {
	Service string // its name, for a sentence
	Call    string
	With    []string // column names that it asks by
	Reads   []Read
	Many    bool // it reads items
}

// Read is one column that a service reads, with the kind it takes it for: "text", "int", "money", "day", "plate" or "bool".
type Read struct{ Name, Kind string }

// Users knows what asks sheets.
type Users interface {
	// Uses lists the questions to a sheet by its system key.
	Uses(ctx context.Context, system string) ([]Use, error)
}

// Given is the kind that an office gives for a column of a kind; "" for one that is never told.
func Given(k tabular.Kind) string {
	switch k {
	case tabular.Text, tabular.Clock:
		return "text"
	case tabular.Number:
		return "int"
	case tabular.Money, tabular.Day, tabular.Plate:
		return string(k)
	case tabular.Yes:
		return "bool"
	}
	return ""
}

// Fits says why a table of this shape cannot answer a question; nil when it can. before is the shape that answers now: a column must mean
// what it meant, not only have its name.
func (u Use) Fits(shape, before tabular.Shape) (why []*fault.Error) {
	no := func(f *fault.Error) { why = append(why, f.On("key")) }
	switch {
	case u.Call == CallFind && shape.Slots != nil:
		no(fault.Invalid("sheet.unfit_times", "服务“%s”要查询用的表格，请不要换成预约的时间", u.Service))
		return why
	case u.Call != CallFind && shape.Slots == nil:
		no(fault.Invalid("sheet.unfit_rows", "服务“%s”要预约的时间，请不要换成查询用的表格", u.Service))
		return why
	}
	called := func(name string) string {
		if c, ok := before.Column(name); ok {
			return c.Label
		}
		return name
	}
	same := func(c tabular.Column) bool { return called(c.Name) == c.Label || called(c.Name) == c.Name }
	for _, c := range shape.Keys() {
		if !slices.Contains(u.With, c.Name) || !same(c) {
			no(fault.Invalid("sheet.unfit_by", "服务“%s”不按“%s”查，请改成告诉查的人", u.Service, c.Label))
		}
	}
	for _, name := range u.With {
		if c, ok := shape.Column(name); !ok || c.Use != tabular.Key {
			no(fault.Invalid("sheet.unfit_key", "服务“%s”按“%s”查，请补上这一列并选用来查", u.Service, called(name)))
		}
	}
	for _, r := range u.Reads {
		c, ok := shape.Column(r.Name)
		switch {
		case !ok || c.Use != tabular.Answer || !same(c):
			no(fault.Invalid("sheet.unfit_told", "服务“%s”要显示“%s”，请补上这一列并选告诉查的人", u.Service, called(r.Name)))
		case Given(c.Kind) != r.Kind:
			no(fault.Invalid("sheet.unfit_cell", "服务“%s”要显示“%s”，请把这一列改回原来的内容", u.Service, c.Label))
		}
	}
	if shape.Slots == nil && u.Many == shape.Unique {
		no(fault.Invalid("sheet.unfit_many", "服务“%s”每次查到几行和这一份不一样，请改“用来做什么”", u.Service))
	}
	return why
}

// serves refuses a shape that a service which asks the sheet could not go on with; the table that answers stays. There is nothing to refuse
// before the first table answers.
func (d *Desk) serves(ctx context.Context, s Sheet, shape tabular.Shape) error {
	now, live := s.Answering()
	if !live {
		return nil
	}
	uses, err := d.c.Users.Uses(ctx, s.System())
	if err != nil {
		return err
	}
	var why []*fault.Error
	for _, u := range uses {
		why = append(why, u.Fits(shape, now.Shape)...)
	}
	return fault.Join(why...)
}

package observatory

import "fmt"

const errataID = "errata"

// errata lists every warning of every exhibit.
func errata(list []Exhibit) Exhibit {
	e := Exhibit{
		ID:       errataID,
		Title:    Text{"勘误和疑点", "Errata and doubts"},
		Question: Text{"哪些数字要小心用？", "Which figures need care?"},
		Base:     Text{"本版全部图表", "All exhibits of the edition"},
		Method: Text{
			"规则按白皮书已知的错误类别写成，对任何数据都查；E 是矛盾，A 是有歧义，N 是提示",
			"Rules made from the known classes of error of the white paper, applied to any data; E is a contradiction, A an ambiguity, N a note",
		},
		Columns:  []Column{code("key", "键", "Key"), code("exhibit", "图表", "Exhibit"), code("warning", "编号", "Id"), code("level", "级别", "Level"), words("zh", "说明", "In Chinese"), words("en", "英文说明", "In English")},
		Rows:     [][]Cell{},
		Warnings: []Warning{},
	}
	for _, x := range list {
		for i, w := range x.Warnings {
			e.add(Say(fmt.Sprintf("%s/%s/%d", x.ID, w.ID, i+1)), Say(x.ID), Say(w.ID), Say(string(w.Level)), Say(w.Text.Zh), Say(w.Text.En))
		}
	}
	e.N = int64(len(list))
	return e
}

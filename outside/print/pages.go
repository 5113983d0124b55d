package print

import (
	"fmt"
	"regexp"
	"strconv"
)

var (
	rootOf  = regexp.MustCompile(`/Type /Catalog\s[^>]*?/Pages (\d+) 0 R`)
	destsOf = regexp.MustCompile(`/Dests (\d+) 0 R`)
	kidsOf  = regexp.MustCompile(`/Kids \[([^\]]*)\]`)
	refs    = regexp.MustCompile(`(\d+) 0 R`)
	place   = regexp.MustCompile(`/([A-Za-z0-9._-]+) \[(\d+) 0 R /XYZ`)
)

// mostDepth ends the walk through a tree of pages that leads into itself.
const mostDepth = 16

// Pages gives the page on which each named place of a PDF lies, 1 for the first: the ids that links of the page lead to. It reads
// what Chromium writes; empty when the PDF is another's or names no place.
func Pages(pdf []byte) map[string]int {
	root, dests := rootOf.FindSubmatch(pdf), destsOf.FindSubmatch(pdf)
	if root == nil || dests == nil {
		return nil
	}
	at := map[string]int{}
	number(pdf, string(root[1]), at, 0)
	out := map[string]int{}
	for _, m := range place.FindAllSubmatch(object(pdf, string(dests[1])), -1) {
		if n := at[string(m[2])]; n > 0 {
			out[string(m[1])] = n
		}
	}
	return out
}

// number walks the tree of pages in order.
func number(pdf []byte, id string, at map[string]int, depth int) {
	kids := kidsOf.FindSubmatch(object(pdf, id))
	if kids == nil {
		at[id] = len(at) + 1
		return
	}
	if depth == mostDepth {
		return
	}
	for _, k := range refs.FindAllSubmatch(kids[1], -1) {
		number(pdf, string(k[1]), at, depth+1)
	}
}

// object is the text of an object of a PDF; nil when there is none of this number.
func object(pdf []byte, id string) []byte {
	if _, err := strconv.Atoi(id); err != nil {
		return nil
	}
	m := regexp.MustCompile(fmt.Sprintf(`(?s)\n%s 0 obj\n(.*?)\nendobj`, id)).FindSubmatch(pdf)
	if m == nil {
		return nil
	}
	return m[1]
}

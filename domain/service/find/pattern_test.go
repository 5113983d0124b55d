package find_test

import (
	"testing"

	"pgregory.net/rapid"

	"zhijian/domain/service/find"
)

// table counts slips the slow way: insertions, omissions, wrong letters and swapped neighbours. It returns the last row.
func table(word, text string) []int {
	rows := make([][]int, len(word)+1)
	for i := range rows {
		rows[i] = make([]int, len(text)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(word); i++ {
		for j := 1; j <= len(text); j++ {
			cost := 1
			if word[i-1] == text[j-1] {
				cost = 0
			}
			rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && word[i-1] == text[j-2] && word[i-2] == text[j-1] {
				rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
			}
		}
	}
	return rows[len(word)]
}

func TestPatternCountsAsTheTableDoes(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("abcd")), 1, 30, -1).Draw(t, "word")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("abcd")), 0, 40, -1).Draw(t, "text")
		most := rapid.IntRange(0, 4).Draw(t, "most")
		last := table(word, text)
		whole, beginning := last[len(text)], len(word)
		for _, d := range last {
			beginning = min(beginning, d)
		}
		gotBeginning, gotWhole := find.Slips(word, text, most)
		if want := min(whole, most+1); gotWhole != want {
			t.Errorf("whole: %d, want %d", gotWhole, want)
		}
		if want := min(beginning, most+1); gotBeginning != want {
			t.Errorf("beginning: %d, want %d", gotBeginning, want)
		}
	})
}

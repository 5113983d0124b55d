package service

import (
	_ "embed"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

//go:embed problem.zh.yaml
var problemsZh []byte

// chineseProblems are the loader's sentences and the phrases inside them, by the English ones. They are read when a definition first has a
// problem.
var chineseProblems = sync.OnceValue(func() (t struct{ Sentences, Phrases map[string]string }) {
	_ = yaml.Unmarshal(problemsZh, &t) // a test reads every sentence
	return t
})

// inChinese says what format and args say in English; the English sentence when there is none.
func inChinese(format string, args []any) string {
	text, ok := chineseProblems().Sentences[format]
	if !ok {
		return fmt.Sprintf(format, args...)
	}
	pairs := []string{"'{'", "{"}
	for i, a := range args {
		pairs = append(pairs, "{"+strconv.Itoa(i)+"}", wordZh(fmt.Sprint(a)))
	}
	return strings.TrimSpace(strings.NewReplacer(pairs...).Replace(text))
}

var (
	meant   = regexp.MustCompile(`^ Did you mean "(.*)"\?$`)
	written = regexp.MustCompile(`^the (number|text) "?(.*?)"?$`)
	isA     = regexp.MustCompile(`^none, it is a (.*)$`)
	stepOf  = regexp.MustCompile(`^(step|the answer) (\S+)$`)
	several = regexp.MustCompile(`^[\w.-]+(, [\w.-]+)* and [\w.-]+$`)
)

// wordZh turns what the loader puts into a sentence.
func wordZh(s string) string {
	if zh, ok := chineseProblems().Phrases[s]; ok {
		return zh
	}
	if m := meant.FindStringSubmatch(s); m != nil {
		return "是不是“" + m[1] + "”？"
	}
	if m := written.FindStringSubmatch(s); m != nil {
		return map[string]string{"number": "数 ", "text": "文字 "}[m[1]] + m[2]
	}
	if m := isA.FindStringSubmatch(s); m != nil {
		return "一个" + m[1]
	}
	if m := stepOf.FindStringSubmatch(s); m != nil {
		return map[string]string{"step": "步骤", "the answer": "问题"}[m[1]] + "“" + m[2] + "”"
	}
	if several.MatchString(s) {
		return strings.ReplaceAll(strings.Replace(s, " and ", "、", 1), ", ", "、")
	}
	return s
}

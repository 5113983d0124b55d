package report

// bestOf names the first by an outcome, with its share and what the share is of. A base under 30 names nobody: a rank of few cases is luck.
func bestOf(id, exhibit, base, zh, en string) rule {
	return rule{id, func(r *reader) (Text, bool) {
		for _, row := range r.which(exhibit, "rank", func(v float64) bool { return v == 1 }) {
			n := r.num(exhibit, row, base)
			return say(zh, en, r.name(exhibit, row), percent(r.num(exhibit, row, "share")), whole(n)), n >= 30
		}
		return Text{}, false
	}}
}

var (
	doneMost = bestOf("done-most", "service-health", "over", "办得最成的事项是%s：%s 办成，一共 %s 件。", "Most surely done is %s: %s of %s cases.")
	keptMost = bestOf("kept-most", "promise", "promised", "最守时限的事项是%s：%s 按时办结，一共 %s 件。", "Time is kept most surely by %s: %s of %s cases.")
	bestRate = bestOf("best-rated", "rating", "rated", "评价最好的事项是%s：%s 给了 4 星以上，一共 %s 个评价。", "Best rated is %s: %s of %s ratings are of 4 stars or more.")
	metMost  = bestOf("unmet-least", "unmet", "searches", "搜不到最少的城市是%s：%s 的搜索没有结果，一共 %s 次。", "Least is unmet in %s: %s of %s searches found nothing.")
	openMost = bestOf("accessible-most", "accessibility", "checked", "无障碍做得最好的城市是%s：%s 的页面没有违反，检查了 %s 个。", "Most accessible is %s: %s of %s pages checked are without a violation.")
)

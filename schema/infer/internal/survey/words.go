package survey

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Fold makes one word of all spellings of a name: small letters and digits, and
// nothing between them.
func Fold(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// Meaning is what the name of a status usually means.
type Meaning struct {
	// Category is todo, active, done, failed or dropped.
	Category string
	// Event is what usually leads there.
	Event string
}

// MeaningOf returns what a status means by its name, false if the name is none of
// those that are common.
func MeaningOf(name string) (Meaning, bool) {
	const longest = 100
	if len(name) > longest {
		return Meaning{}, false
	}
	m, ok := meanings[Fold(name)]
	return m, ok
}

var meanings = invert(map[Meaning]string{
	{"todo", "reset"}: `planned pending todo open new backlog notstarted unstarted proposed queued created draft
		idea inbox triage untriaged incomplete notdone undone unresolved upcoming scheduled future later someday
		icebox tbd needstriage notbegun tostart
		offen geplant ausstehend pendiente porhacer pendente aberto afaire ouvert enattente 待办 待做 待处理 计划中 未开始 未着手`,
	{"todo", "ready"}:       `ready approved accepted selected selectedfordevelopment readyfordev readyfordevelopment next refined`,
	{"todo", "reopen"}:      `reopened`,
	{"todo", "defer"}:       `deferred postponed onhold hold paused blocked waiting waitingfor parked snoozed delayed 阻塞 blockiert bloqueado`,
	{"active", "start"}:     `inprogress active doing started working wip ongoing running current progress indevelopment indev developing building executing processing underway inwork claimed assigned inarbeit enprogreso encurso emandamento encours 进行中 処理中`,
	{"active", "research"}:  `researching`,
	{"active", "implement"}: `implementing`,
	{"active", "retry"}:     `retrying`,
	{"active", "submit"}: `review inreview reviewing underreview codereview readyforreview needsreview pendingreview testing intesting
		qa inqa verifying verification intest`,
	{"done", "complete"}: `done complete completed closed finished resolved merged shipped released passed passing pass
		success succeeded successful implemented deployed delivered published fixed verified validated achieved solved
		erledigt fertig abgeschlossen hecho terminado completado feito concluído concluido fait terminé termine 已完成 完成 完了`,
	{"failed", "fail"}:    `failed fail failing failure error errored broken crashed timedout timeout fehlgeschlagen 失败`,
	{"dropped", "cancel"}: `cancelled canceled dropped wontfix wontdo rejected abandoned skipped declined discarded removed deleted invalid notplanned ignored aborted 已取消`,
	{"dropped", "retire"}: `obsolete archived deprecated duplicate superseded stale tombstone`,
})

func invert(words map[Meaning]string) map[string]Meaning {
	of := make(map[string]Meaning)
	for m, list := range words {
		for word := range strings.FieldsSeq(list) {
			of[word] = m
		}
	}
	return of
}

func set(words string) map[string]bool {
	of := make(map[string]bool)
	for word := range strings.FieldsSeq(words) {
		of[word] = true
	}
	return of
}

// Keys, folded, that tell by their name what is under them.
var (
	// asideKeys hold objects that are no work, though they may have ids, and
	// flags or states of their own.
	asideKeys = set(`members member users user people persons team teams assignees assignee owners authors contributors
		participants reviewers watchers labels label tags tag comments comment notes checklists checklist checkitems
		checkitemstates acceptancecriteria criteria attachments files links actions history changelog log logs updates activity
		worklog worklogs journal transitions notifications webhooks environments versions
		dependencies dependson blockedby blocks relations relationships references related customfields plugins votes
		reactions testcases testresults validations reviews approvals prselectors runs sessions`)
	// workKeys hold items.
	workKeys = set(`tasks task todos todo items item issues issue stories story userstories features feature cards tickets
		ticket backlog epics epic phases phase milestones milestone subtasks subtask steps step bugs requirements children
		jobs work workitems goals objectives deliverables plan modules sections stages sprints iterations subitems
		workpackages activities initiatives themes defects spikes chores todolist tasklist entries`)
	// wrapperKeys hold one thing: what is in them is no group of several.
	wrapperKeys = set(`data result results response payload body project board backlog plan root document content state
		value store db database prd spec meta metadata export workspace`)
	// insideKeys hold an object with what others have as keys of the item.
	insideKeys = set(`fields attributes properties data meta metadata details info content values custom task item issue`)
	// finishKeys are flags that work is over, startKeys that it has begun, or is
	// held up.
	finishKeys = set(`passes passed passing done isdone complete completed iscomplete iscompleted finished isfinished
		checked ischecked closed isclosed resolved isresolved shipped implemented isimplemented fixed solved delivered
		merged tested verified 完成`)
	startKeys = set(`started isstarted begun inprogress isinprogress wip doing isactive active blocked isblocked cancelled
		canceled iscancelled skipped failed isfailed onhold claimed`)
	// nameKeys hold the name of an object that stands for a status.
	nameKeys = []string{"name", "value", "status", "state", "label", "title", "key", "id", "text", "type", "current"}
	// placeKeys are where boards say where a card lies.
	placeKeys = set(`progress column lane swimlane list bucket stage phase kanbanstatus kanbancolumn boardcolumn section`)
	// linkKeys hold the id of what stands for a status.
	linkKeys = set(`idlist listid list columnid idcolumn column statusid idstatus stateid workflowstateid stageid laneid
		bucketid sectionid boardcolumnid status state`)
	// endKeys hold when work was over, measureKeys how much of it.
	endKeys     = set(`completedat completedon completeddate finishedat doneat closedat resolvedat resolutiondate enddate datecompleted completiondate`)
	measureKeys = set(`progress percent percentage percentcomplete percentdone completion completionpercentage done`)
	// referenceKeys hold what an item waits for.
	referenceKeys = set(`dependencies dependson depends dependency blockedby blockers requires prerequisites prerequisite deps
		waitsfor after predecessors`)
	// personKeys hold people, who are no fixed set.
	personKeys = set(`assignee owner author assignedto assignees reviewer reporter createdby updatedby claimedby name title agent
		user username`)
)

// IsAside reports whether a key usually holds people, notes or other things beside
// the work: it, or its last word.
func IsAside(key string) bool { return asideKeys[Fold(key)] || asideKeys[Fold(lastWord(key))] }

// IsWork reports whether a key usually holds items: it, or its last word.
func IsWork(key string) bool {
	return !IsAside(key) && (workKeys[Fold(key)] || workKeys[Fold(lastWord(key))])
}

// lastWord returns what comes after the last space, dash or line, or from the last
// capital on that follows a small letter.
func lastWord(key string) string {
	start, small := 0, false
	for i, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			start = i + utf8.RuneLen(r)
		case small && unicode.IsUpper(r):
			start = i
		}
		small = unicode.IsLower(r)
	}
	return key[min(start, len(key)):]
}

// IsDependency reports whether a key usually holds what an item waits for.
func IsDependency(key string) bool { return referenceKeys[Fold(key)] }

// IsPerson reports whether a key usually holds people.
func IsPerson(key string) bool { return personKeys[Fold(key)] }

// IsTime reports whether a key usually holds a time.
func IsTime(key string) bool {
	name := Fold(key)
	for _, end := range []string{"at", "time", "timestamp", "date", "on", "created", "updated", "modified", "due", "ts"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// IsBlocking reports whether a word says of a reference that an item waits for
// what it names.
func IsBlocking(word string) bool {
	return blockingWords[Fold(word)]
}

var blockingWords = set(`blocks blocking blocker blockedby dependson depends dependency requires finishtostart fs hard`)

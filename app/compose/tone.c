#include "compose/tone.h"

#include "base/arena.h"
#include "base/text.h"

static const char *const sober[TONE_POINTS] = {
    "Start with the question behind %: what should be different in the end? One clear sentence is enough, "
    "and everything else can be measured against it.",
    "Then look at what is already known about %. Who has done it before, what worked for them, and what did "
    "they quietly drop?",
    "The most common mistake is to begin with the tools. Begin with one small case that matters to you, "
    "solve it by hand, and note what was hard.",
    "Choose one number or one sign that tells you whether it works. Without it, every opinion about % sounds "
    "equally right.",
    "Expect a cost. Time, money or attention spent on % is missing somewhere else: decide beforehand what "
    "may wait.",
    "Show the first result early, to somebody who will disagree with you. An objection today is cheaper than "
    "a correction next month.",
    "Write down what you decided and why. In half a year the reasons will be worth more than the result "
    "itself.",
    "Finally, set a date to look back: keep what helped, stop what did not, and begin the next round smaller "
    "than you planned.",
};

static const char *const light[TONE_POINTS] = {
    "First things first: why even bother with %? If you can explain it to a friend over coffee in one "
    "sentence, you are ahead of most of us.",
    "Everybody has an opinion on %. Very few have tried it for a week. Guess which of the two is more fun to "
    "listen to?",
    "Start ridiculously small. So small that skipping it would be more embarrassing than doing it. Then do "
    "it again tomorrow.",
    "You will do it badly at first. Good! Bad first attempts make the best stories, and nobody has ever "
    "skipped that part anyway.",
    "Steal shamelessly: find somebody who is good at this, look at what they do on an ordinary Tuesday, and "
    "copy just that one thing.",
    "Shiny new gear will not do it for you. (We have all checked. Repeatedly. The receipts are in a drawer.)",
    "Tell one person what you are up to. Not for applause, just so that somebody asks you about it next "
    "week.",
    "And when it stops being fun, take a break before you quit. Half of the time the only problem was "
    "Thursday.",
};

static const char *const warm[TONE_POINTS] = {
    "Everything you admire about % began with somebody who was not ready. They started anyway, and so can "
    "you.",
    "Ask yourself what would change if you took % seriously for a hundred days. Write the answer down and "
    "put it where you see it.",
    "Do not wait for the big moment. One small step today, one tomorrow: that is how every long road has "
    "ever been walked.",
    "You will doubt yourself on the way. Doubt only shows that it matters to you, and it grows quieter each "
    "time you keep going.",
    "Find the people who care about this as you do. Courage is easier to keep when it is shared.",
    "Celebrate what went well, however little it was. What you notice grows, and what grows carries you "
    "further.",
    "When something fails, ask what it has taught you. A lesson that you understood is never a step back.",
    "One day somebody will begin because they saw you begin. That alone is worth the effort.",
};

/* For a topic that asks something. No tone of its own: opening and closing have it. */
const char *const tone_questions[TONE_POINTS] = {
    "Before you look for an answer, write down your guess. Comparing the two afterwards is where the "
    "learning happens.",
    "Who would know? Somebody who has met this in practice will often answer in a minute what takes an "
    "evening to look up.",
    "Take the question apart. Most big questions are three small ones in one coat, and one of the three is "
    "easy.",
    "Ask what would have to be true for the opposite answer. If nothing comes to mind, you have not looked "
    "long enough.",
    "Two sources that copied from each other are one source. Look for the second that found out for itself.",
    "Be careful with an answer that comes quickly and pleases everybody. The honest one usually begins with: "
    "it depends.",
    "Then try it on a small case. An answer that cannot be tried anywhere is an opinion, however well it is "
    "put.",
    "And keep the question. Ask it again in a year: what has changed in your answer shows what you have "
    "learnt.",
};

/* The first is the neutral one. */
static const struct tone tones[] = {
    {"neutral",
     "",
     {{"", ": a short thread."}, {"A short thread: ", "."}, {"", ", in a few points."}},
     {"", ": what our community has written about it."},
     {"That is the essence. What would you add?", "What is missing here? Replies are open.",
      "If this was useful, pass it on."},
     sober},
    {"professional",
     "",
     {{"", ": the key points."}, {"The key points: ", "."}, {"", ": a brief overview."}},
     {"", ": perspectives from our community."},
     {"I would value your perspective: what has worked in your organisation?",
      "Which of these points matters most in your work?", "I am interested in your experience with this."},
     sober},
    {"casual",
     " \U0001F447",
     {{"So, let's talk about this: ", " \U0001F447"},
      {"", ": a few thoughts \U0001F447"},
      {"Okay, ", ". Here we go \U0001F447"}},
     {"", ": look what people here have been writing \U0001F447"},
     {"That's it from me! What do you think? \U0001F4AC", "Anyway, over to you. What's your take? \U0001F4AC",
      "Okay, your turn: what did I miss? \U0001F604"},
     light},
    {"humorous",
     " \U0001F604",
     {{"Buckle up! Today: ", " \U0001F604"},
      {"", ": a thread nobody asked for \U0001F605"},
      {"Grab a coffee, this may take a while: ", " \u2615"}},
     {"", ": our community has opinions, and of course it does \U0001F604"},
     {"No keyboards were harmed in the making of this thread. \U0001F605",
      "Thank you for coming to my very small talk. Please tip the algorithm. \U0001F3A4",
      "You made it to the end! There is no prize, but I am proud of you. \U0001F3C6"},
     light},
    {"inspirational",
     " \u2728",
     {{"", " \u2728 A thread for everyone who is about to begin."},
      {"", ": what becomes possible \u2728"},
      {"Let this be your sign: ", " \u2728"}},
     {"", ": voices from our community that stay with you \u2728"},
     {"One step is enough to begin. Which one will you take today? \U0001F331",
      "You do not have to be ready. You only have to begin. \U0001F331",
      "Keep going. Somebody needs to see you try. \U0001F4AB"},
     warm},
    {"educational",
     " \U0001F4DA",
     {{"", ", explained step by step \U0001F4DA"},
      {"What there is to know: ", " \U0001F4DA"},
      {"", ": a small lesson \U0001F4DA"}},
     {"", ": what you can learn from our community \U0001F4DA"},
     {"To remember it, explain it to somebody else. Questions? Ask below.",
      "What is still unclear? Ask, and others will learn from it too.",
      "Save this for later, and tell me what you would like explained next."},
     sober},
    {"persuasive",
     " \u2757",
     {{"", ": why it deserves your attention."}, {"Time to think again: ", "."}, {"", ": here is the case."}},
     {"", ": do not take my word for it, read our community."},
     {"Are you convinced? If not, tell me what is missing.",
      "Think it over, then try it once. That is all I ask.",
      "If you agree, share this with one person who does not."},
     sober},
    {"friendly",
     " \U0001F60A",
     {{"Hello everyone! My topic today: ", " \U0001F60A"},
      {"", ": something I would like to share with you \U0001F60A"},
      {"Friends, a few words on this: ", " \U0001F60A"}},
     {"", ": lovely things our community has written \U0001F60A"},
     {"Thank you for reading! I would love to hear your story. \U0001F60A",
      "How is it with you? Tell me, I read every reply. \U0001F49B",
      "Take what helps, and have a good day! \U0001F49B"},
     light},
    {"enthusiastic",
     " \U0001F680",
     {{"", "! Let's go \U0001F680"},
      {"I could talk about this all day: ", " \U0001F680"},
      {"", ": this is exciting! \U0001F389"}},
     {"", ": our community is on fire! \U0001F680"},
     {"I can't wait to see what you make of it! \U0001F680", "Who is in? Tell me below! \U0001F64C",
      "Now go and try it! \U0001F389"},
     warm},
};

/* Other words for them. */
static const struct {
    const char *word;
    const char *name;
} others[] = {
    {"formal", "professional"},
    {"business", "professional"},
    {"corporate", "professional"},
    {"serious", "neutral"},
    {"factual", "neutral"},
    {"objective", "neutral"},
    {"journalistic", "neutral"},
    {"conversational", "casual"},
    {"informal", "casual"},
    {"relaxed", "casual"},
    {"chatty", "casual"},
    {"funny", "humorous"},
    {"humor", "humorous"},
    {"humour", "humorous"},
    {"witty", "humorous"},
    {"sarcastic", "humorous"},
    {"playful", "humorous"},
    {"ironic", "humorous"},
    {"inspiring", "inspirational"},
    {"motivational", "inspirational"},
    {"motivating", "inspirational"},
    {"uplifting", "inspirational"},
    {"informative", "educational"},
    {"academic", "educational"},
    {"instructive", "educational"},
    {"explanatory", "educational"},
    {"technical", "educational"},
    {"convincing", "persuasive"},
    {"critical", "persuasive"},
    {"provocative", "persuasive"},
    {"warm", "friendly"},
    {"kind", "friendly"},
    {"empathetic", "friendly"},
    {"excited", "enthusiastic"},
    {"energetic", "enthusiastic"},
    {"passionate", "enthusiastic"},
};

enum { TONES = sizeof tones / sizeof tones[0], OTHERS = sizeof others / sizeof others[0] };

static const struct tone *find(str word)
{
    for (size_t i = 0; i < OTHERS; i++) {
        if (str_eq(word, str_of(others[i].word))) {
            word = str_of(others[i].name);
        }
    }
    for (size_t i = 0; i < TONES; i++) {
        if (str_eq(word, str_of(tones[i].name))) {
            return &tones[i];
        }
    }
    return NULL;
}

const struct tone *tone_of(struct arena *a, str wish, bool *known)
{
    str words = text_fold(a, wish);
    *known = true;
    for (size_t at = 0, from = 0; at <= words.n; at++) {
        bool letter = at < words.n && words.p[at] >= 'a' && words.p[at] <= 'z';
        if (letter) {
            continue;
        }
        const struct tone *t = find(str_slice(words, from, at));
        if (t != NULL) {
            return t;
        }
        from = at + 1;
    }
    *known = false;
    return &tones[0];
}

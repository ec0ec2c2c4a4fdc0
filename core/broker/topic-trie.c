#include "core/broker/topic-trie.h"

struct GmqTopicNode {
    GQueue items;
    GmqTopicNode *parent; /* NULL for the root */
    GmqTopicNode *star;   /* the child for `*` */
    GmqTopicNode *hash;   /* the child for `#` */
    GmqSlice word;        /* the bytes behind the struct */
    uint64_t mark;        /* of the last set of nodes that this one was put into */
    uint32_t serial;      /* differs for each node of the trie: stands for it in hashes */
    uint32_t word_hash;   /* of the word */
    uint32_t n_plain;     /* children for words that stand for themselves */
    bool is_hash;         /* the child for `#` of its parent */
};

struct GmqTopicTrie {
    GmqTopicNode *root;
    GHashTable *plain; /* set of the nodes for words that stand for themselves, by parent and word:
                          one table is smaller than one in each node; look-up only */
    GPtrArray *here;   /* of GmqTopicNode: where the walk over the key can be */
    GPtrArray *next;   /* likewise after the next word */
    uint64_t mark;     /* counts the sets of nodes made so far */
    uint32_t serials;  /* given to nodes so far */
    size_t size;       /* nodes now */
};

/* ---- words ---- */

typedef struct {
    const uint8_t *at;
    const uint8_t *end;
    bool is_last;
} Words;

/* Begins to walk over the words of text; an empty one has none. */
static Words
split(GmqSlice text)
{
    return (Words){text.data, text.data + text.size, text.size == 0};
}

/* Steps over the next word and computes its hash on the way. */
static bool
next_word(Words *words, GmqSlice *word, uint32_t *hash)
{
    if (words->is_last)
        return false;

    const uint8_t *start = words->at;
    const uint8_t *at    = start;
    uint32_t sum         = 2166136261u;
    for (; at < words->end && *at != '.'; at++)
        sum = (sum ^ *at) * 16777619u;

    *word          = (GmqSlice){start, (size_t)(at - start)};
    *hash          = sum;
    words->is_last = at == words->end;
    words->at      = words->is_last ? at : at + 1;
    return true;
}

static bool
is_wild(GmqSlice word, char sign)
{
    return word.size == 1 && word.data[0] == sign;
}

/* ---- the set of plain nodes ---- */

static unsigned
hash_plain(const void *data)
{
    const GmqTopicNode *node = data;

    return node->word_hash ^ node->parent->serial * 2654435761u;
}

static int
same_plain(const void *a, const void *b)
{
    const GmqTopicNode *one   = a;
    const GmqTopicNode *other = b;

    return one->parent == other->parent && gmq_slice_equal(one->word, other->word);
}

static GmqTopicNode *
find_plain(const GmqTopicTrie *trie, GmqTopicNode *parent, GmqSlice word, uint32_t hash)
{
    GmqTopicNode wanted = {.parent = parent, .word = word, .word_hash = hash};

    return parent->n_plain == 0 ? NULL : g_hash_table_lookup(trie->plain, &wanted);
}

/* ---- growing and shrinking ---- */

static GmqTopicNode *
add_node(GmqTopicTrie *trie, GmqTopicNode *parent, GmqSlice word, uint32_t hash)
{
    GmqTopicNode *node = g_malloc(sizeof(GmqTopicNode) + word.size);

    *node = (GmqTopicNode){
        .parent    = parent,
        .word      = {(uint8_t *)(node + 1), word.size},
        .serial    = trie->serials++,
        .word_hash = hash,
    };
    if (word.size > 0)
        memcpy(node + 1, word.data, word.size);
    trie->size++;
    return node;
}

GmqTopicTrie *
gmq_topic_trie_new(void)
{
    GmqTopicTrie *trie = g_new0(GmqTopicTrie, 1);

    trie->plain = g_hash_table_new_full(hash_plain, same_plain, g_free, NULL);
    trie->here  = g_ptr_array_new();
    trie->next  = g_ptr_array_new();
    trie->root  = add_node(trie, NULL, GMQ_SLICE(""), 0);
    return trie;
}

static GmqTopicNode *
find_child(const GmqTopicTrie *trie, GmqTopicNode *node, GmqSlice word, uint32_t hash)
{
    if (is_wild(word, '*'))
        return node->star;
    if (is_wild(word, '#'))
        return node->hash;
    return find_plain(trie, node, word, hash);
}

/* The child of node for a word of a pattern, made when it is missing. */
static GmqTopicNode *
enter_child(GmqTopicTrie *trie, GmqTopicNode *node, GmqSlice word, uint32_t hash)
{
    GmqTopicNode *child = find_child(trie, node, word, hash);

    if (child != NULL)
        return child;

    child = add_node(trie, node, word, hash);
    if (is_wild(word, '*')) {
        node->star = child;
    } else if (is_wild(word, '#')) {
        node->hash     = child;
        child->is_hash = true;
    } else {
        g_hash_table_add(trie->plain, child);
        node->n_plain++;
    }
    return child;
}

GmqTopicNode *
gmq_topic_trie_enter(GmqTopicTrie *trie, GmqSlice pattern)
{
    GmqTopicNode *node = trie->root;
    Words words        = split(pattern);
    GmqSlice word;
    uint32_t hash;

    while (next_word(&words, &word, &hash))
        node = enter_child(trie, node, word, hash);
    return node;
}

/* Frees a node without children. */
static void
remove_node(GmqTopicTrie *trie, GmqTopicNode *node)
{
    GmqTopicNode *parent = node->parent;

    trie->size--;
    if (parent->star == node) {
        parent->star = NULL;
        g_free(node);
    } else if (parent->hash == node) {
        parent->hash = NULL;
        g_free(node);
    } else {
        parent->n_plain--;
        g_hash_table_remove(trie->plain, node);
    }
}

static bool
is_empty(const GmqTopicNode *node)
{
    return node->items.length == 0 && node->star == NULL && node->hash == NULL &&
           node->n_plain == 0;
}

void
gmq_topic_trie_leave(GmqTopicTrie *trie, GmqTopicNode *node)
{
    while (node != trie->root && is_empty(node)) {
        GmqTopicNode *parent = node->parent;

        remove_node(trie, node);
        node = parent;
    }
}

void
gmq_topic_trie_free(GmqTopicTrie *trie)
{
    g_assert(is_empty(trie->root));

    g_hash_table_unref(trie->plain);
    g_ptr_array_unref(trie->here);
    g_ptr_array_unref(trie->next);
    g_free(trie->root);
    g_free(trie);
}

GQueue *
gmq_topic_node_items(GmqTopicNode *node)
{
    return &node->items;
}

size_t
gmq_topic_trie_size(const GmqTopicTrie *trie)
{
    return trie->size;
}

/* ---- matching ---- */

/* Puts the node into the set, and what follows it when a `#` stands for no word. What is marked is
 * there already, with all that follows. */
static void
reach(const GmqTopicTrie *trie, GPtrArray *set, GmqTopicNode *node)
{
    for (; node != NULL && node->mark != trie->mark; node = node->hash) {
        node->mark = trie->mark;
        g_ptr_array_add(set, node);
    }
}

/* From the nodes where the walk is to those where it can be after one more word. */
static void
advance(GmqTopicTrie *trie, GmqSlice word, uint32_t hash)
{
    GPtrArray *here = trie->here;

    trie->mark++;
    g_ptr_array_set_size(trie->next, 0);
    for (unsigned i = 0; i < here->len; i++) {
        GmqTopicNode *node = g_ptr_array_index(here, i);

        reach(trie, trie->next, find_plain(trie, node, word, hash));
        reach(trie, trie->next, node->star);
        if (node->is_hash)
            reach(trie, trie->next, node);
    }
    trie->here = trie->next;
    trie->next = here;
}

/* Keeps the nodes where a pattern ends. */
static const GPtrArray *
keep_ends(GPtrArray *set)
{
    unsigned kept = 0;

    for (unsigned i = 0; i < set->len; i++) {
        GmqTopicNode *node = g_ptr_array_index(set, i);

        if (node->items.length > 0)
            g_ptr_array_index(set, kept++) = node;
    }
    g_ptr_array_set_size(set, (int)kept);
    return set;
}

const GPtrArray *
gmq_topic_trie_match(GmqTopicTrie *trie, GmqSlice key)
{
    Words words = split(key);
    GmqSlice word;
    uint32_t hash;

    trie->mark++;
    g_ptr_array_set_size(trie->here, 0);
    reach(trie, trie->here, trie->root);
    while (trie->here->len > 0 && next_word(&words, &word, &hash))
        advance(trie, word, hash);
    return keep_ends(trie->here);
}

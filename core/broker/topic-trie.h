/* topic-trie.h - patterns of topic exchanges, and which of them match a key (AMQP.md 10.20).
 *
 * A pattern is a row of words between dots: `*` stands for exactly one word of the key, `#` for
 * any number of them, none included; other words stand for themselves. An empty key or pattern has
 * no words, "a." has two.
 *
 * Patterns that begin alike share the nodes of a tree. A key is matched by walking over its words
 * once with the set of all nodes where the walk can be: the cost is at most the number of those
 * nodes for each word, whatever `#` come after each other, and patterns that share no beginning
 * with the key cost nothing. */
#pragma once

#include "core/base/slice.h"

G_BEGIN_DECLS

typedef struct GmqTopicTrie GmqTopicTrie;
typedef struct GmqTopicNode GmqTopicNode;

GmqTopicTrie *gmq_topic_trie_new(void);
/* Frees a trie whose patterns have all left. */
void gmq_topic_trie_free(GmqTopicTrie *trie);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GmqTopicTrie, gmq_topic_trie_free)

/* The node of that pattern, made when it is the first. The caller hangs what it likes into its
 * items; the same pattern gives the same node. */
GmqTopicNode *gmq_topic_trie_enter(GmqTopicTrie *trie, GmqSlice pattern);

/* Something was taken out of the node's items: frees it when nothing is left, and the nodes that
 * only led to it. */
void gmq_topic_trie_leave(GmqTopicTrie *trie, GmqTopicNode *node);

/* What the caller keeps with the pattern; intrusive, never freed from here. */
GQueue *gmq_topic_node_items(GmqTopicNode *node);

/* The nodes with items whose patterns match the key, each once, in an order that follows from key
 * and patterns. Lent until the trie is used again; allocates only while it grows. */
const GPtrArray *gmq_topic_trie_match(GmqTopicTrie *trie, GmqSlice key);

/* How many nodes there are, the root included. */
size_t gmq_topic_trie_size(const GmqTopicTrie *trie);

G_END_DECLS

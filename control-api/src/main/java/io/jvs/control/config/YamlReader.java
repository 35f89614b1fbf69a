package io.jvs.control.config;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.composer.Composer;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/**
 * YAML (and so JSON) into a message, by protobuf's JSON mapping: keys in snake_case or camelCase.
 * An enum may be given without its prefix and in lower case ({@code nat}), a duration as "1s",
 * "500ms" or "2m". Unknown and repeated keys are refused, with file, line and place.
 */
final class YamlReader {
    private final String file;

    private YamlReader(String file) {
        this.file = file;
    }

    /**
     * Fills a message.
     *
     * @param file what to call the text in sentences
     * @param text the YAML
     * @param message what to fill
     */
    static void read(String file, String text, Message.Builder message) throws ConfigException {
        YamlReader reader = new YamlReader(file);
        Optional<Node> root = reader.compose(text);
        if (root.isPresent() && !isNull(root.get())) {
            reader.fill(message, root.get(), "");
        }
    }

    private Optional<Node> compose(String text) throws ConfigException {
        try {
            LoadSettings settings = LoadSettings.builder().setUseMarks(true).build();
            StreamReader stream = new StreamReader(settings, text);
            return new Composer(settings, new ParserImpl(settings, stream)).getSingleNode();
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
            throw new ConfigException(file + line + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw new ConfigException(file + ": not YAML: " + e.getMessage());
        }
    }

    private ConfigException error(Node node, String place, String sentence) {
        String line = node.getStartMark().map(mark -> ":" + (mark.getLine() + 1)).orElse("");
        String where = place.isEmpty() ? "" : place + ": ";
        return new ConfigException(file + line + ": " + where + sentence);
    }

    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private void fill(Message.Builder message, Node node, String place) throws ConfigException {
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, place, "keys and values are wanted here");
        }
        Set<FieldDescriptor> seen = new HashSet<>();
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode key)) {
                throw error(entry.getKeyNode(), place, "a key must be a word");
            }
            FieldDescriptor field = field(message.getDescriptorForType(), key, place);
            String inner = place.isEmpty() ? key.getValue() : place + "." + key.getValue();
            if (!seen.add(field)) {
                throw error(key, inner, "is given twice");
            }
            if (!isNull(entry.getValueNode())) {
                set(message, field, entry.getValueNode(), inner);
            }
        }
    }

    private FieldDescriptor field(Descriptor type, ScalarNode key, String place)
            throws ConfigException {
        for (FieldDescriptor field : type.getFields()) {
            if (field.getName().equals(key.getValue())
                    || field.getJsonName().equals(key.getValue())) {
                return field;
            }
        }
        String known =
                String.join(", ", type.getFields().stream().map(FieldDescriptor::getName).toList());
        throw error(key, place, "'" + key.getValue() + "' is not known here; it can be " + known);
    }

    private void set(Message.Builder message, FieldDescriptor field, Node node, String place)
            throws ConfigException {
        if (!field.isRepeated()) {
            message.setField(field, value(message, field, node, place));
            return;
        }
        if (field.isMapField()) {
            setMap(message, field, node, place);
            return;
        }
        if (!(node instanceof SequenceNode sequence)) {
            throw error(node, place, "a list is wanted here");
        }
        int index = 0;
        for (Node element : sequence.getValue()) {
            String inner = place + "[" + index++ + "]";
            message.addRepeatedField(field, value(message, field, element, inner));
        }
    }

    private void setMap(Message.Builder message, FieldDescriptor field, Node node, String place)
            throws ConfigException {
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, place, "keys and values are wanted here");
        }
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Message.Builder entry = message.newBuilderForField(field);
            Descriptor type = entry.getDescriptorForType();
            Object key = value(entry, type.findFieldByNumber(1), tuple.getKeyNode(), place);
            String inner = place + "." + key;
            if (!seen.add(key.toString())) {
                throw error(tuple.getKeyNode(), inner, "is given twice");
            }
            entry.setField(type.findFieldByNumber(1), key);
            FieldDescriptor valueField = type.findFieldByNumber(2);
            entry.setField(valueField, value(entry, valueField, tuple.getValueNode(), inner));
            message.addRepeatedField(field, entry.build());
        }
    }

    private Object value(Message.Builder message, FieldDescriptor field, Node node, String place)
            throws ConfigException {
        if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && !ScalarValue.isDuration(field)) {
            Message.Builder inner = message.newBuilderForField(field);
            fill(inner, node, place);
            return inner.build();
        }
        if (!(node instanceof ScalarNode scalar)) {
            throw error(node, place, "one value is wanted here");
        }
        try {
            return ScalarValue.parse(field, scalar.getValue());
        } catch (IllegalArgumentException e) {
            throw error(node, place, String.valueOf(e.getMessage()));
        }
    }
}

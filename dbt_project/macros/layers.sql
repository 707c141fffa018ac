{% macro layer_of(words, otherwise) %}
    {#- The layer that a text begins with: infrastructure, business or interface; else `otherwise`. -#}
    case
        when lower(trim({{ words }})) like '基础层%' or lower(trim({{ words }})) like '基础设施%' or lower(trim({{ words }})) like 'infrastructure%' then 'infrastructure'
        when lower(trim({{ words }})) like '业务层%' or lower(trim({{ words }})) like 'business%' then 'business'
        when lower(trim({{ words }})) like '接口层%' or lower(trim({{ words }})) like 'interface%' then 'interface'
        else {{ otherwise }}
    end
{% endmacro %}
